import Crane
import CraneHTTP
import Synchronization

/// A history in memory that tests write, trim, renew and break.
final class Log: FeedHistory {
    private struct State {
        var epoch = "e1"
        var oldest: [String: Int] = [:]
        var events: [String: [FeedEvent<String>]] = [:]
        var isBroken = false
        var pages: [String] = []
        /// Runs inside the next page, behind what it has read.
        var meanwhile: (@Sendable () -> Void)?
        /// Pages are given once it ends.
        var silence: AsyncStream<Never>?
    }

    private let state = Mutex(State())

    /// What was asked for, in order: `topic after limit`.
    var pages: [String] { state.withLock { $0.pages } }

    func page(
        of topic: String, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<String> {
        if let silence = state.withLock({ $0.silence }) { for await _ in silence {} }
        let (page, meanwhile) = try state.withLock { state in
            state.pages.append("\(topic) \(position.map(String.init) ?? "-") \(limit)")
            guard !state.isBroken else { throw Trouble("broken") }
            let all = state.events[topic] ?? []
            let events =
                position.map { position in Array(all.drop { $0.sequence <= position }.prefix(limit)) }
                ?? Array(all.suffix(limit))
            let page = FeedPage(
                epoch: state.epoch, oldest: state.oldest[topic] ?? 0, newest: all.last?.sequence ?? 0,
                events: events)
            return (page, state.meanwhile.take())
        }
        meanwhile?()
        return page
    }

    /// Writes the next events of a topic and gives them back, to be published.
    @discardableResult
    func write(
        _ count: Int = 1, in topic: String = "a", key: String? = nil, length: Int = 0
    ) -> [FeedEvent<String>] {
        state.withLock { state in
            var made: [FeedEvent<String>] = []
            for _ in 0..<count {
                let newest = state.events[topic]?.last?.sequence ?? state.oldest[topic] ?? 0
                let text = String(repeating: "x", count: length)
                let event = FeedEvent(
                    topic: topic, sequence: newest + 1, previous: newest,
                    json: "{\"n\":\(newest + 1)\(length > 0 ? ",\"t\":\"\(text)\"" : "")}", key: key)
                state.events[topic, default: []].append(event)
                made.append(event)
            }
            return made
        }
    }

    /// Lets all go up to a number.
    func trim(to oldest: Int, in topic: String = "a") {
        state.withLock { state in
            state.oldest[topic] = oldest
            state.events[topic]?.removeAll { $0.sequence <= oldest }
        }
    }

    func renew(_ epoch: String) {
        state.withLock { state in
            state.epoch = epoch
            state.events = [:]
            state.oldest = [:]
        }
    }

    func breakDown(_ isBroken: Bool = true) { state.withLock { $0.isBroken = isBroken } }

    /// Answers nobody until what this gives is called.
    func fallSilent() -> @Sendable () -> Void {
        let (silence, end) = AsyncStream<Never>.makeStream()
        state.withLock { $0.silence = silence }
        return { [self] in
            state.withLock { $0.silence = nil }
            end.finish()
        }
    }

    func duringNextPage(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.meanwhile = body } }
}

/// The message that an event of `Log` is sent as.
func message(_ sequence: Int) -> String { "{\"seq\":\(sequence),\"prev\":\(sequence - 1),\"n\":\(sequence)}" }
