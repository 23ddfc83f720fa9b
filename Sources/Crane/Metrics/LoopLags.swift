import CraneHTTP
import CraneSystem
import Synchronization

/// How late the loops of a server are: how long a call has to wait for its turn on each.
final class LoopLags: Sendable {
    private struct State {
        var nanoseconds: [Int: UInt64] = [:]
        var left: Int
    }

    private let state: Mutex<State>
    private let isOver = OneTimeEvent()

    private init(of count: Int) {
        state = Mutex(State(left: count))
    }

    /// Asks each loop and waits for the answers; a loop that has not come round within `patience` is as late as that, or later.
    ///
    /// - Parameter own: the loop that asks.
    static func measured(
        of loops: [any LoopServices & LoopTurns], patience: Duration = .seconds(1), on own: any LoopServices
    ) async throws -> [(loop: Int, seconds: Double)] {
        if loops.isEmpty { return [] }
        let lags = LoopLags(of: loops.count)
        let asked = SystemTime.monotonic()
        for loop in loops {
            let index = loop.index
            // One that has ended is late no more.
            let isTaken = loop.execute { lags.note(index, SystemTime.monotonic() &- asked) }
            if !isTaken { lags.note(index, 0) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await lags.isOver.waitRegardless() }
            group.addTask {
                // Nobody waits for a loop that is stuck, when the client has gone either.
                defer { lags.isOver.happen() }
                try await own.sleep(for: patience)
            }
            try await group.next()
            group.cancelAll()
        }
        let latest = SystemTime.monotonic() &- asked
        let known = lags.state.withLock { $0.nanoseconds }
        return loops.map { ($0.index, Double(known[$0.index] ?? latest) / 1e9) }.sorted { $0.0 < $1.0 }
    }

    private func note(_ loop: Int, _ nanoseconds: UInt64) {
        let isLast = state.withLock { state in
            state.nanoseconds[loop] = nanoseconds
            state.left -= 1
            return state.left == 0
        }
        if isLast { isOver.happen() }
    }
}
