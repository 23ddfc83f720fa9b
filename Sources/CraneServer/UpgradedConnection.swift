import CraneHTTP
import CraneLoop
import Synchronization

/// A connection that has left HTTP, as its new protocol sees it. While nothing comes it holds no buffer.
final class UpgradedConnection: UpgradedStream {
    private let connection: HTTPConnection
    private let loop: EventLoop
    /// The handshake, as whose handler this is known; `nil` where no task runs it.
    private let request: Request?

    // Any thread.
    private let waiting = Atomic<Int>(0)
    /// Output from other threads, on its way to the loop.
    private let remote = Mutex<[UInt8]>([])
    private let hasRemote = Atomic<Bool>(false)

    // The loop's thread only.
    nonisolated(unsafe) private var receiver: (any StreamReceiver)?
    /// Whether the protocol's handler runs.
    nonisolated(unsafe) private(set) var isHandled: Bool

    init(_ connection: HTTPConnection, request: Request?) {
        self.connection = connection
        self.request = request
        loop = connection.loop
        unsafe isHandled = request != nil
    }

    /// Whether the protocol has not ended the connection, nor has the client.
    private var isRunning: Bool { connection.isOpen && connection.machine.isUpgraded }

    var memory: MemoryBudget { connection.server.load.memory }

    func beginSlice() {
        if loop.isCurrent { loop.sliceOwner = request }
    }

    private func onLoop(_ call: @escaping @Sendable () -> Void) {
        if loop.isCurrent { call() } else { loop.execute(call) }
    }

    // MARK: Reading

    /// What the system keeps for a client that reads nothing.
    private static let unsentBound: Int32 = 128 << 10

    func start(_ receiver: any StreamReceiver) {
        unsafe self.receiver = receiver
        connection.limitUnsent(to: Self.unsentBound)
        if connection.server.isDraining { serverStops() }
        deliverKept()
        tellEnd()
    }

    /// Tells the receiver of the end once it has heard all that came before.
    func tellEnd() {
        if connection.machine.inputEnded, unsafe connection.waiting.isEmpty { unsafe receiver?.receiveEnd() }
    }

    func didRead(_ bytes: UnsafeRawBufferPointer) {
        guard let receiver = unsafe receiver, unsafe connection.waiting.isEmpty else {
            return unsafe connection.keep(bytes)
        }
        let taken = unsafe receiver.receive(bytes)
        guard taken < bytes.count, isRunning else { return }
        connection.stopReading()
        unsafe connection.keep(UnsafeRawBufferPointer(rebasing: bytes[taken...]))
    }

    func resume() {
        onLoop { [self] in
            guard isRunning else { return }
            deliverKept()
            if unsafe connection.waiting.isEmpty, !connection.machine.inputEnded { connection.startReading() }
            tellEnd()
        }
    }

    /// Gives the receiver what was kept for it.
    private func deliverKept() {
        let kept = unsafe connection.waiting
        guard let receiver = unsafe receiver, unsafe !kept.isEmpty else { return }
        let taken = unsafe receiver.receive(kept)
        // Closing has let go of what was kept.
        if isRunning { connection.consume(taken) }
    }

    /// The connection is no more: whoever writes hears of it before it writes on, or it would never wait again.
    func didBreak() {
        didFlush()
        unsafe receiver?.receiveEnd()
    }

    func didClose() {
        didBreak()
        unsafe receiver = nil
    }

    func serverStops() {
        unsafe receiver?.serverStops(restarts: connection.server.restarts)
    }

    // MARK: Writing

    var waitingBytes: Int { waiting.load(ordering: .relaxed) }

    func write(_ body: (OutputBuffer) -> Void) -> Int {
        guard loop.isCurrent else { return writeFromElsewhere(body) }
        guard isRunning else { return 0 }
        takeRemote()
        let output = connection.writableOutput()
        body(output)
        connection.scheduleFlush()
        let count = output.count + connection.queuedBytes
        waiting.store(count, ordering: .relaxed)
        return count
    }

    private func writeFromElsewhere(_ body: (OutputBuffer) -> Void) -> Int {
        let output = OutputBuffer(capacity: 1024)
        body(output)
        // The array is a copy of its own.
        let bytes = unsafe Array(output.bytes)
        let isFirst = remote.withLock { remote in
            defer { remote += bytes }
            return remote.isEmpty
        }
        hasRemote.store(true, ordering: .releasing)
        if isFirst { loop.execute { [self] in takeRemote() } }
        return waiting.add(bytes.count, ordering: .relaxed).newValue
    }

    /// Appends what other threads have written: before anything that is written after it.
    private func takeRemote() {
        guard hasRemote.exchange(false, ordering: .acquiring) else { return }
        let bytes = remote.withLock { remote in
            defer { remote = [] }
            return remote
        }
        guard isRunning else { return didFlush() }
        connection.writableOutput().append(bytes)
        connection.scheduleFlush()
    }

    func send(_ pieces: SharedPieces) -> SharedSending {
        assert(loop.isCurrent)
        if connection.output != nil || hasRemote.load(ordering: .relaxed) { flush() }
        guard isRunning else { return .none }
        guard connection.queuedBytes == 0 else { return .some(0) }
        do {
            let sent = try unsafe connection.write(pieces.pieces) { pieces.holder(of: $0) }
            guard connection.queuedBytes > 0 else { return .all }
            waiting.store(connection.queuedBytes, ordering: .relaxed)
            // The client has its time for the rest, as for what is written otherwise.
            connection.on(.wrote(connection.queuedBytes, unsent: connection.unsentBytes))
            return .some(sent)
        } catch {
            connection.abort()
            return .none
        }
    }

    func flush() {
        guard loop.isCurrent else { return }
        takeRemote()
        connection.flush()
    }

    func waitUntilWritable() async {
        guard loop.isCurrent else { return await waitFromElsewhere() }
        takeRemote()
        connection.flush()
        await connection.waitUntilWritable()
    }

    var isSliceLong: Bool { loop.isCurrent && loop.isSliceLong }

    func nextTurn() async {
        if loop.isCurrent { await loop.nextTurn() }
    }

    private func waitFromElsewhere() async {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            loop.execute { [self] in
                loop.startTask { [self] in
                    await waitUntilWritable()
                    unsafe continuation.resume()
                }
            }
        }
    }

    func didFlush() {
        waiting.store(connection.isOpen ? connection.queuedBytes : 0, ordering: .relaxed)
    }

    func didDrain() {
        didFlush()
        if isRunning { unsafe receiver?.didDrain() }
    }

    // MARK: Ending

    func close() {
        onLoop { [self] in
            guard isRunning else { return }
            takeRemote()
            connection.flush()
            connection.on(.protocolCloses(unsent: connection.unsent))
        }
    }

    func abort() {
        onLoop { [self] in connection.on(.protocolAborts) }
    }

    /// The handler has returned.
    func endHandling() {
        unsafe isHandled = false
        close()
    }

    // MARK: Deadlines

    func setDeadline(after duration: Duration) {
        onLoop { [self] in
            connection.on(.protocolWaits(until: loop.now + duration.loopMilliseconds))
        }
    }

    func tellDeadline() { unsafe receiver?.deadlinePassed() }
}
