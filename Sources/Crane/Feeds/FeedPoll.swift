import CraneHTTP
import Synchronization

/// One request that waits for the next events of a topic.
@safe
final class FeedPoll: @unchecked Sendable {
    let start: FeedStart
    /// The most events of its response.
    let limit: Int
    /// How long it waits for what has not happened yet, in seconds.
    let wait: Int
    /// How long it waits for the history, in seconds.
    static let patience = 10
    private let state = Mutex(State())
    /// Whether it waits for what has not happened yet, rather than for the history; the loop's thread only.
    @safe @exclusivity(unchecked) fileprivate var isIdle = false

    private struct State {
        var waiter: CheckedContinuation<Outcome, Never>?
        var isAnswered = false
        /// The answer, until somebody takes it.
        var answer: Outcome?
    }

    enum Outcome: Sendable {
        case frames([FeedFrame])
        /// Where the feed stands, and whether the client's number could not be gone on from.
        case hello(String, reset: String?)
        /// The history does not answer.
        case failed
    }

    init(_ start: FeedStart, limit: Int, wait: Int) {
        self.start = start
        self.limit = limit
        self.wait = wait
    }

    /// Whether it has not been answered.
    var isWaiting: Bool { state.withLock { !$0.isAnswered } }

    /// Waits for the response; one task.
    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state in
                if !state.isAnswered { state.waiter = continuation }
                return state.answer.take()
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Answers it, once; any thread.
    func finish(_ answer: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            guard !state.isAnswered else { return nil }
            state.isAnswered = true
            if state.waiter == nil { state.answer = answer }
            return state.waiter.take()
        }
        waiter?.resume(returning: answer)
    }
}

extension FeedChannel {
    /// Answers a poll with what there is, or has it wait for so long as it may.
    func begin(_ poll: FeedPoll) {
        self.poll(poll)
        guard poll.isWaiting else { return }
        for seconds in Set([poll.wait, FeedPoll.patience]) {
            hub.turns.execute(after: .seconds(seconds)) { [self] in giveUp(poll, after: seconds) }
        }
    }

    func poll(_ poll: FeedPoll) {
        guard poll.isWaiting else { return }
        poll.isIdle = false
        open()
        guard isOpen else { return polls.append(poll) }
        switch poll.start {
        case .now:
            poll.finish(.hello(hello(from: newest), reset: nil))
        case .behind(let position) where position.epoch ?? epoch == epoch:
            answer(poll, behind: position.sequence)
        case .behind, .nowhere:
            reset(poll)
        }
    }

    private func answer(_ poll: FeedPoll, behind position: Int) {
        if !ring.covers(position) || position > newest {
            readPage(behind: position, limit: poll.limit) { [self] page in
                switch page {
                case .success(let batch): answer(poll, with: batch, behind: position)
                case .failure: poll.finish(.failed)
                }
            }
        } else if position < newest {
            let frames = ring.frames[ring.index(behind: position)...].prefix(poll.limit)
            hub.counts.deliveries.add(frames.count, ordering: .relaxed)
            poll.finish(.frames(Array(frames)))
        } else if poll.wait > 0, !hub.services.isDraining {
            poll.isIdle = true
            polls.append(poll)
        } else {
            poll.finish(.frames([]))
        }
    }

    private func answer(_ poll: FeedPoll, with page: FeedBatch, behind position: Int) {
        guard page.epoch == epoch, position >= page.oldest, position <= page.newest else {
            return reset(poll)
        }
        hub.counts.deliveries.add(page.frames.count, ordering: .relaxed)
        poll.finish(.frames(page.frames))
    }

    private func reset(_ poll: FeedPoll) {
        hub.counts.resets.add(1, ordering: .relaxed)
        poll.finish(.hello(hello(from: newest), reset: resetText))
    }

    /// So many seconds have passed: nothing has happened, or the history has not said what.
    private func giveUp(_ poll: FeedPoll, after seconds: Int) {
        if isOpen, poll.isIdle {
            if seconds >= poll.wait { poll.finish(.frames([])) }
        } else if seconds >= FeedPoll.patience {
            poll.finish(.failed)
        }
    }
}
