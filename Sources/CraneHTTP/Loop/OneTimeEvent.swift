import Synchronization

/// Something that happens once, and that any number of tasks wait for; any thread.
package final class OneTimeEvent: Sendable {
    private struct State {
        var hasHappened = false
        var number: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    }

    // Read without the lock.
    private let flag = Atomic(false)
    private let state = Mutex(State())

    package init() {}

    /// Whether it has happened; costs a load.
    package var hasHappened: Bool { flag.load(ordering: .acquiring) }

    /// It happens: whoever waits goes on. A second call does nothing.
    package func happen() {
        let waiters = state.withLock { state in
            state.hasHappened = true
            flag.store(true, ordering: .releasing)
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        // Each was taken out under the lock, and so is resumed once.
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once it has happened; throws `CancellationError` when the task is cancelled before.
    package func wait() async throws {
        guard !hasHappened else { return }
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(continuation, number)
            }
        } onCancel: {
            let waiter = state.withLock { state in state.waiters.removeValue(forKey: number) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Returns once it has happened, whether the task is cancelled or not.
    package func waitRegardless() async {
        guard !hasHappened else { return }
        // Only a cancellation throws, and none is looked at.
        try? await withCheckedThrowingContinuation { continuation in
            enter(continuation, nil)
        }
    }

    /// - Parameter number: by which a cancellation finds the waiter; `nil` for one that heeds none.
    private func enter(_ continuation: CheckedContinuation<Void, any Error>, _ number: UInt64?) {
        enum Outcome { case waits, happened, cancelled }
        let outcome: Outcome = state.withLock { state in
            if state.hasHappened { return .happened }
            // Had it been cancelled before, the handler would have found nobody.
            if number != nil, Task.isCancelled { return .cancelled }
            state.number += 1
            state.waiters[number ?? state.number] = continuation
            return .waits
        }
        switch outcome {
        case .waits: break
        case .happened: continuation.resume()
        case .cancelled: continuation.resume(throwing: CancellationError())
        }
    }
}
