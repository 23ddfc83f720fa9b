import Synchronization

/// What happens on other threads, written down there and awaited by a test.
package final class Journal<Entry: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable ([Entry]) -> Bool
        let continuation: CheckedContinuation<[Entry], any Error>
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [Int: Waiter] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var entries: [Entry] { state.withLock { $0.entries } }

    /// Lets go of what was written down.
    package func clear() { state.withLock { $0.entries = [] } }

    package func note(_ entry: Entry) {
        let (due, entries) = state.withLock { state in
            state.entries.append(entry)
            let due = state.waiters.filter { $0.value.condition(state.entries) }
            for number in due.keys { state.waiters[number] = nil }
            return (Array(due.values), state.entries)
        }
        for waiter in due { waiter.continuation.resume(returning: entries) }
    }

    /// Waits until `condition` holds, for as long as the test's time limit lets it.
    @discardableResult
    package func wait(until condition: @escaping @Sendable ([Entry]) -> Bool) async throws -> [Entry] {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let entries: [Entry]? = state.withLock { state in
                    if condition(state.entries) { return state.entries }
                    state.waiters[number] = Waiter(condition: condition, continuation: continuation)
                    return nil
                }
                if let entries { return continuation.resume(returning: entries) }
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    @discardableResult
    package func wait(forCount count: Int) async throws -> [Entry] {
        try await wait { $0.count >= count }
    }

    private func cancel(_ number: Int) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.continuation.resume(throwing: CancellationError())
    }
}
