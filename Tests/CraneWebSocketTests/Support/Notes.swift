import Synchronization

/// What handlers leave for the test to see, and to wait for.
final class Notes: Sendable {
    private struct State {
        var lines: [String] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func add(_ line: String) {
        let ready = state.withLock { state in
            state.lines.append(line)
            let ready = state.watchers.filter { $0.count <= state.lines.count }
            state.watchers.removeAll { $0.count <= state.lines.count }
            return ready
        }
        for watcher in ready { watcher.continuation.resume() }
    }

    var all: [String] { state.withLock { $0.lines } }

    /// The lines once there are so many.
    func wait(forCount count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.lines.count < count { state.watchers.append((count, continuation)) }
                return state.lines.count >= count
            }
            if isReady { continuation.resume() }
        }
        return all
    }
}
