import CraneHTTP
import Synchronization

/// A loop that has a turn when the test says so, and a clock that the test moves. The test's thread stands for the loop's.
final class ManualLoop: LoopServices, LoopTurns, LoopTurnsProvider {
    private struct State {
        var calls: [@Sendable () -> Void] = []
        var later: [(due: UInt64, call: @Sendable () -> Void)] = []
        var tasks: [Task<Void, Never>] = []
        var now: UInt64 = 1_000_000
        var isDraining = false
        var endings: [@Sendable () -> Void] = []
        var hasEnded = false
    }

    private let state = Mutex(State())

    var turns: any LoopTurns { self }
    var now: UInt64 { state.withLock { $0.now } }
    var index: Int { 0 }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    @discardableResult
    func execute(_ call: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if !state.hasEnded { state.calls.append(call) }
            return !state.hasEnded
        }
    }

    func whenEnded(_ call: @escaping @Sendable () -> Void) { state.withLock { $0.endings.append(call) } }

    /// Ends as a server's loop does: no call is taken any more, and what is on it lets go.
    func end() {
        let endings = state.withLock { state in
            state.hasEnded = true
            state.calls = []
            state.later = []
            defer { state.endings = [] }
            return state.endings
        }
        for ending in endings { ending() }
    }

    func execute(after delay: Duration, _ call: @escaping @Sendable () -> Void) {
        let (seconds, attoseconds) = delay.components
        let milliseconds = UInt64(seconds) * 1000 + UInt64(attoseconds / 1_000_000_000_000_000)
        state.withLock { $0.later.append(($0.now + milliseconds, call)) }
    }

    func spawn(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { $0.tasks.append(Task { await work() }) }
    }

    func sleep(for duration: Duration) async throws {}
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
    func untilDraining() async throws {}
    func drain() { state.withLock { $0.isDraining = true } }

    /// One turn: what was put in before it.
    func turn() {
        let calls = state.withLock { state in
            defer { state.calls = [] }
            return state.calls
        }
        for call in calls { call() }
    }

    /// Turns until nothing is left, and no task either.
    func settle() async {
        while true {
            let (hasCalls, tasks) = state.withLock { state in
                defer { state.tasks = [] }
                return (!state.calls.isEmpty, state.tasks)
            }
            if !hasCalls, tasks.isEmpty { return }
            for task in tasks { await task.value }
            turn()
        }
    }

    /// Moves the clock, and makes the calls that are due by then in their order.
    func advance(by duration: Duration) async {
        let end = now + UInt64(duration / .milliseconds(1))
        while true {
            let next: (@Sendable () -> Void)? = state.withLock { state in
                guard let index = state.later.indices.min(by: { state.later[$0].due < state.later[$1].due }),
                    state.later[index].due <= end
                else { return nil }
                let (due, call) = state.later.remove(at: index)
                state.now = max(state.now, due)
                return call
            }
            guard let next else { break }
            next()
            await settle()
        }
        state.withLock { $0.now = end }
    }
}
