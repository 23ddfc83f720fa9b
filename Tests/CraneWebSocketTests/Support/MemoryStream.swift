import CraneHTTP
import Synchronization

/// An upgraded connection without a socket. What was written is kept as messages; `waiting` says how far the client is behind.
final class MemoryStream: UpgradedStream {
    @safe
    private struct State {
        /// The test holds it.
        weak var receiver: (any StreamReceiver)?
        var kept: [UInt8] = []
        var isPaused = false
        var sent: [UInt8] = []
        var waiting = 0
        var isSliceLong = false
        var turns = 0
        var isClosed = false
        var isAborted = false
        var deadline: Duration?
        var roomWaiters: [CheckedContinuation<Void, Never>] = []
        var watchers: [(@Sendable () -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    let memory: MemoryBudget

    init(memory: MemoryBudget = MemoryBudget(bound: .max)) { self.memory = memory }

    // MARK: What a WebSocket does with it

    func start(_ receiver: any StreamReceiver) {
        state.withLock { $0.receiver = receiver }
        deliver()
    }

    func write(_ body: (OutputBuffer) -> Void) -> Int {
        let output = OutputBuffer()
        body(output)
        let bytes = unsafe Array(output.bytes)
        defer { notify() }
        return state.withLock { state in
            if !state.isClosed { state.sent += bytes }
            return state.waiting + bytes.count
        }
    }

    func flush() {}
    func beginSlice() {}
    func nextTurn() async { state.withLock { $0.turns += 1 } }

    var waitingBytes: Int { state.withLock { $0.waiting } }

    func waitUntilWritable() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.waiting > 0 { state.roomWaiters.append(continuation) }
                return state.waiting == 0
            }
            if hasRoom { continuation.resume() }
            notify()
        }
    }

    func resume() {
        state.withLock { $0.isPaused = false }
        deliver()
    }

    func setDeadline(after duration: Duration) { state.withLock { $0.deadline = duration } }

    func close() {
        state.withLock { $0.isClosed = true }
        notify()
    }

    func abort() {
        state.withLock {
            $0.isClosed = true
            $0.isAborted = true
        }
        notify()
    }

    // MARK: What the test does with it

    /// Brings bytes, as the socket would.
    func push(_ bytes: [UInt8]) {
        state.withLock { $0.kept += bytes }
        deliver()
    }

    func push(_ frames: ClientFrame...) { push(frames.bytes) }

    private func deliver() {
        let (receiver, bytes) = state.withLock { state in
            let isReady = state.receiver != nil && !state.isPaused && !state.kept.isEmpty
            defer { if isReady { state.kept = [] } }
            return (isReady ? state.receiver : nil, state.kept)
        }
        guard let receiver else { return }
        let taken = unsafe bytes.withUnsafeBytes { unsafe receiver.receive($0) }
        guard taken < bytes.count else { return }
        state.withLock { state in
            state.kept = bytes[taken...] + state.kept
            state.isPaused = true
        }
    }

    func end() { receiver?.receiveEnd() }
    func passDeadline() { receiver?.deadlinePassed() }
    func stopServer(restarts: Bool = false) { receiver?.serverStops(restarts: restarts) }

    private var receiver: (any StreamReceiver)? { state.withLock { $0.receiver } }

    /// Sets how far the client is behind; 0 lets those go on who wait for room.
    func setWaiting(_ count: Int) {
        let waiters = state.withLock { state in
            state.waiting = count
            defer { if count == 0 { state.roomWaiters = [] } }
            return count == 0 ? state.roomWaiters : []
        }
        for waiter in waiters { waiter.resume() }
    }

    var isSliceLong: Bool {
        get { state.withLock { $0.isSliceLong } }
        set { state.withLock { $0.isSliceLong = newValue } }
    }

    /// Turns that were waited for.
    var turns: Int { state.withLock { $0.turns } }
    var isPaused: Bool { state.withLock { $0.isPaused } }
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isAborted: Bool { state.withLock { $0.isAborted } }
    var deadline: Duration? { state.withLock { $0.deadline } }
    var someoneWaitsForRoom: Bool { state.withLock { !$0.roomWaiters.isEmpty } }

    /// Everything that was sent.
    var sent: [MessageReader.Event] {
        MessageReader.read(
            state.withLock { $0.sent }, limit: .max, allowsCompression: true, expectsMask: false
        ).events
    }

    /// Returns once `condition` holds; asked whenever something was written, closed or waited for.
    func until(_ condition: @escaping @Sendable () -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.watchers.append((condition, continuation)) }
            notify()
        }
    }

    private func notify() {
        let watchers = state.withLock { state in
            defer { state.watchers = [] }
            return state.watchers
        }
        for (condition, continuation) in watchers {
            if condition() {
                continuation.resume()
            } else {
                state.withLock { $0.watchers.append((condition, continuation)) }
            }
        }
    }
}
