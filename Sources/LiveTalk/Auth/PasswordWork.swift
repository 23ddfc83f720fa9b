import Crane
import Synchronization

/// Hashes passwords off the loops, few at a time: each takes much memory and a processor of its own.
///
/// More wait their turn in order; beyond that a login is answered 503 with Retry-After.
final class PasswordWork: Sendable {
    private struct State {
        var running = 0
        // In the order of their coming.
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let queue: Int

    /// - Parameters:
    ///   - limit: hashes made at one time in this process.
    ///   - queue: logins that wait for their turn.
    init(limit: Int = 2, queue: Int = 64) {
        self.limit = limit
        self.queue = queue
    }

    /// Does the work on a worker thread when its turn has come; throws `WorkersBusy` when too many wait.
    func run<Value: Sendable>(
        on loop: any LoopServices, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await loop.blocking(work)
    }

    private func enter() async throws {
        let isAdmitted = await withCheckedContinuation { turn in
            let answer: Bool? = state.withLock { state in
                if state.running < limit {
                    state.running += 1
                    return true
                }
                guard state.waiting.count < queue else { return false }
                state.waiting.append(turn)
                return nil
            }
            if let answer { turn.resume(returning: answer) }
        }
        guard isAdmitted else { throw WorkersBusy() }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        // The one that waited takes the place of this one.
        next?.resume(returning: true)
    }
}
