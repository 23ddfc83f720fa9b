import CraneHTTP
import CraneSystem
import HTTPTypes
public import Logging
import Synchronization

/// Tells any number of clients of what happens, each change once and in order, over WebSockets, event streams and long polls.
///
/// ```swift
/// let scores = Feed(history: games)
/// app.webSocket("/games/{id}/live", Path("id", Int.self), feed: scores) { id in id }
/// app.eventStream("/games/{id}/events", Path("id", Int.self), feed: scores) { id in id }
/// scores.publish([FeedEvent(topic: 7, sequence: 8, previous: 7, json: #"{"kind":"goal"}"#)])
/// ```
/// A client that comes back with the last number that it had goes on behind it, out of memory or out of the history. An event is
/// framed once for all; a subscriber has a number and no queue, so a slow one holds up nobody and costs no memory. Any thread.
public final class Feed<Topic: Hashable & Sendable>: Sendable {
    let options: FeedOptions
    private let history: any FeedHistory<Topic>
    private let logger: Logger
    let counts = AtomicFeedCounters()
    private let state: Mutex<State>

    private struct State {
        /// The loops' channels of each topic.
        var channels: [Topic: [FeedChannel]] = [:]
        /// What it has on each loop that has had subscribers.
        var hubs: [ObjectIdentifier: FeedHub] = [:]
        var admissions: FeedAdmissions
        /// Counts channels.
        var number = 0
    }

    /// - Parameters:
    ///   - history: where events are kept, for those who come back.
    ///   - options: the bounds of the feed.
    ///   - logger: told when the history cannot be read.
    public init(
        history: some FeedHistory<Topic>, options: FeedOptions = FeedOptions(),
        logger: Logger = Logger(label: "crane.feed")
    ) {
        self.history = history
        self.options = options
        self.logger = logger
        state = Mutex(
            State(
                admissions: FeedAdmissions(
                    atOnce: options.subscriptionsAtOnce, perSecond: options.subscriptionsPerSecond)))
    }

    /// Whoever is still subscribed is to come back later.
    deinit {
        for hub in state.withLock({ $0.hubs.values }) { hub.turns.execute { hub.end() } }
    }

    /// What it has done so far.
    public var counters: FeedCounters { counts.snapshot }

    // MARK: Publishing

    /// Hands events to the loops that have subscribers of their topics, each loop once; the oldest of a topic first.
    ///
    /// To be called when they are in the history, in the order of their numbers: one thread for a topic, such as the one that
    /// commits. What comes out of order is read from the history. Any thread; costs a wake-up a loop.
    public func publish(_ events: [FeedEvent<Topic>]) {
        guard !events.isEmpty else { return }
        counts.events.add(events.count, ordering: .relaxed)
        hand(over: events.map { ($0.topic, .append($0.frame)) })
    }

    /// Whether anybody may want to be told of anything. Any thread; takes a short lock.
    public var hasSubscribers: Bool { state.withLock { !$0.channels.isEmpty } }

    /// Whether anybody may want to be told of a topic's events: without, they need not be made. Any thread; takes a short lock.
    public func hasSubscribers(of topic: Topic) -> Bool { state.withLock { $0.channels[topic] != nil } }

    /// Gives the events of a topic that are about `key` other members, as far as they are in memory: what was hidden or edited
    /// is not told again to those who come back.
    ///
    /// The history answers for what it keeps. To be called before the event that says so is published.
    public func redact(
        _ key: String, in topic: Topic, by json: @escaping @Sendable (FeedEvent<Topic>) -> String
    ) {
        hand(over: [(topic, .replace(key: key) { json(FeedEvent(topic: topic, $0)) })])
    }

    /// Asks the history anew on every loop: it was restored or replaced while the service runs. Who has numbers of another epoch is
    /// told to begin anew.
    public func renew() {
        let topics = state.withLock { Array($0.channels.keys) }
        hand(over: topics.map { ($0, .renew) })
    }

    private func hand(over changes: [(Topic, FeedChannel.Change)]) {
        // The lock is held to the end: what two threads publish reaches every loop in one order.
        state.withLock { state in
            var batches: [(hub: FeedHub, changes: [(FeedChannel, FeedChannel.Change)])] = []
            for (topic, change) in changes {
                for channel in state.channels[topic] ?? [] {
                    let index = batches.firstIndex { $0.hub === channel.hub }
                    if let index {
                        batches[index].changes.append((channel, change))
                    } else {
                        batches.append((channel.hub, [(channel, change)]))
                    }
                }
            }
            // A loop that has ended has nobody left to be told.
            for (hub, changes) in batches { hub.turns.execute { hub.take(changes) } }
        }
    }

    // MARK: Subscribing

    /// Lets a new subscriber in; throws 503 with `Retry-After` when there are too many, or too many at once.
    ///
    /// - Parameter isPoll: whether it is a poll, of which each client sends many.
    func admit(isPoll: Bool = false) throws {
        let isFull = counts.subscribers.load(ordering: .relaxed) >= options.maximumSubscribers
        if !isFull, isPoll || state.withLock({ $0.admissions.take() }) { return }
        counts.refusals.add(1, ordering: .relaxed)
        // In seconds, not the same for all.
        let seconds = isFull ? Int.random(in: 5...15) : Int.random(in: 1...3)
        throw HTTPError(
            .serviceUnavailable, "Too many subscribers", headers: [.retryAfter: String(seconds)])
    }

    /// The topic on a loop, for its first subscriber a new one; on that loop.
    func channel(of topic: Topic, on turns: any LoopTurns, _ loop: any LoopServices) -> FeedChannel {
        state.withLock { state in
            let known = state.channels[topic]?.first { $0.hub.turns === turns }
            if let known { return known }
            let hub = state.hubs[ObjectIdentifier(turns)] ?? hub(on: turns, loop)
            state.hubs[ObjectIdentifier(turns)] = hub
            state.number += 1
            let channel = FeedChannel(hub, number: state.number, read: reading(topic, on: loop)) {
                [weak self] in
                self?.forget($0, of: topic)
            }
            state.channels[topic, default: []].append(channel)
            hub.add(channel)
            return channel
        }
    }

    /// What it has on a loop for as long as that runs.
    private func hub(on turns: any LoopTurns, _ loop: any LoopServices) -> FeedHub {
        let hub = FeedHub(turns, loop, options, counts, logger)
        turns.whenEnded { [weak self, weak hub] in
            guard let hub else { return }
            hub.end()
            self?.state.withLock { $0.hubs[ObjectIdentifier(hub.turns)] = nil }
        }
        return hub
    }

    private func reading(
        _ topic: Topic, on loop: any LoopServices
    ) -> @Sendable (Int?, Int) async throws -> FeedBatch {
        { [history] position, limit in
            let page = try await history.page(of: topic, after: position, limit: limit, on: loop)
            return FeedBatch(
                epoch: page.epoch, oldest: page.oldest, newest: page.newest, frames: page.events.map(\.frame))
        }
    }

    private func forget(_ channel: FeedChannel, of topic: Topic) {
        state.withLock { state in
            state.channels[topic]?.removeAll { $0 === channel }
            if state.channels[topic]?.isEmpty == true { state.channels[topic] = nil }
        }
    }
}

/// So many at once, and so many more a second.
struct FeedAdmissions {
    private let atOnce: Double
    private let perSecond: Double
    private var left: Double
    /// When `left` was reckoned, in nanoseconds.
    private var reckoned: UInt64

    init(atOnce: Int, perSecond: Int, now: UInt64 = SystemTime.monotonic()) {
        self.atOnce = Double(max(1, atOnce))
        self.perSecond = Double(max(1, perSecond))
        left = self.atOnce
        reckoned = now
    }

    /// Takes one; false when there is none left. `now` is in nanoseconds.
    mutating func take(now: UInt64 = SystemTime.monotonic()) -> Bool {
        left = min(atOnce, left + Double(now - min(now, reckoned)) / 1e9 * perSecond)
        reckoned = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
