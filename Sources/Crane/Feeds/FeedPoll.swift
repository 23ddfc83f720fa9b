import CraneHTTP
import Synchronization

/// One request that waits for the next events of a topic.
final class FeedPoll: Sendable {
    let start: FeedStart
    /// The most events of its response.
    let limit: Int
    /// Whether it waits for what has not happened yet.
    let waits: Bool
    private let state = Mutex(State())

    private struct State {
        var waiter: CheckedContinuation<Outcome, Never>?
        var answer: Outcome?
        var isAnswered: Bool { if case .some = answer { true } else { false } }
    }

    enum Outcome: Sendable {
        case frames([FeedFrame])
        /// Where the feed stands, and whether the client's number could not be gone on from.
        case hello(String, reset: String?)
        /// The history has what lies behind this number.
        case history(FeedChannel, Int)
        case failed
    }

    init(_ start: FeedStart, limit: Int, waits: Bool) {
        self.start = start
        self.limit = limit
        self.waits = waits
    }

    /// Whether it has not been answered.
    var isWaiting: Bool { state.withLock { !$0.isAnswered } }

    /// Waits for the response; one task.
    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state in
                if !state.isAnswered { state.waiter = continuation }
                return state.answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Answers it, once; any thread.
    func finish(_ answer: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            guard !state.isAnswered else { return nil }
            state.answer = answer
            return state.waiter.take()
        }
        waiter?.resume(returning: answer)
    }
}

extension FeedChannel {
    /// Answers a poll with what there is, or has it wait.
    func poll(_ poll: FeedPoll) {
        guard poll.isWaiting else { return }
        open()
        guard isOpen else { return polls.append(poll) }
        switch poll.start {
        case .now:
            poll.finish(.hello(hello(from: newest), reset: nil))
        case .behind(let position) where position.epoch ?? epoch == epoch:
            answer(poll, behind: position.sequence)
        case .behind, .nowhere:
            hub.counts.resets.add(1, ordering: .relaxed)
            poll.finish(.hello(hello(from: newest), reset: resetText))
        }
    }

    private func answer(_ poll: FeedPoll, behind position: Int) {
        if !ring.covers(position) || position > newest {
            poll.finish(.history(self, position))
        } else if position < newest {
            let frames = ring.frames[ring.index(behind: position)...].prefix(poll.limit)
            hub.counts.deliveries.add(frames.count, ordering: .relaxed)
            poll.finish(.frames(Array(frames)))
        } else if poll.waits, !hub.services.isDraining {
            polls.append(poll)
        } else {
            poll.finish(.frames([]))
        }
    }

    /// The poll waits no longer.
    func giveUp(_ poll: FeedPoll) {
        poll.finish(.frames([]))
        polls.removeAll { $0 === poll }
    }

    /// Answers a poll with a page of the history.
    func answer(_ page: FeedBatch, behind position: Int) -> FeedPoll.Outcome {
        if page.epoch == epoch, position >= page.oldest, position <= page.newest {
            hub.counts.deliveries.add(page.frames.count, ordering: .relaxed)
            return .frames(page.frames)
        }
        hub.counts.resets.add(1, ordering: .relaxed)
        return .hello(hello(from: newest), reset: resetText)
    }
}
