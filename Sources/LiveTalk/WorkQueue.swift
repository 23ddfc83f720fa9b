import Crane
import Synchronization

/// Runs blocking work off the loops, at most one piece a place; those that wait for one hold no worker thread.
///
/// They get their turn in order; beyond the bound `WorkersBusy`, which is answered 503 with Retry-After.
final class WorkQueue: Sendable {
    private struct State {
        var free: [Int]
        // In the order of their coming.
        var waiting: [(ticket: Int, turn: CheckedContinuation<Int, any Error>)] = []
    }

    private let state: Mutex<State>
    private let tickets = Atomic<Int>(0)
    private let bound: Int

    /// - Parameters:
    ///   - places: what the work is told apart by; there is one piece at a time in each.
    ///   - bound: how many wait for a place.
    init(places: Range<Int>, waiting bound: Int) {
        state = Mutex(State(free: Array(places)))
        self.bound = bound
    }

    /// How many wait for a place.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Does the work on a worker thread, with the place that it was given, when its turn has come.
    ///
    /// Throws `WorkersBusy` when too many wait, `CancellationError` when the task is cancelled while it waits, and what
    /// `work` throws.
    func run<Value: Sendable>(
        on loop: any LoopServices, _ work: @escaping @Sendable (Int) throws -> Value
    ) async throws -> Value {
        let place = try await enter()
        defer { leave(place) }
        return try await loop.blocking { try work(place) }
    }

    private func enter() async throws -> Int {
        let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                let answer: Result<Int, any Error>? = state.withLock { state in
                    // A cancellation that came first has found nobody to take out.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let place = state.free.popLast() { return .success(place) }
                    guard state.waiting.count < bound else { return .failure(WorkersBusy()) }
                    state.waiting.append((ticket, turn))
                    return nil
                }
                if let answer { turn.resume(with: answer) }
            }
        } onCancel: {
            withdraw(ticket)
        }
    }

    private func withdraw(_ ticket: Int) {
        let turn = state.withLock { state in
            state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).turn }
        }
        turn?.resume(throwing: CancellationError())
    }

    private func leave(_ place: Int) {
        let next = state.withLock { state -> CheckedContinuation<Int, any Error>? in
            if state.waiting.isEmpty {
                state.free.append(place)
                return nil
            }
            return state.waiting.removeFirst().turn
        }
        next?.resume(returning: place)
    }
}
