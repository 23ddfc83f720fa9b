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
    nonisolated(unsafe) private var receiverDeadline = UInt64.max
    nonisolated(unsafe) private var writeDeadline = UInt64.max
    nonisolated(unsafe) private(set) var isClosing = false

    init(_ connection: HTTPConnection, request: Request?) {
        self.connection = connection
        self.request = request
        loop = connection.loop
    }

    var memory: MemoryBudget { connection.server.load.memory }

    func beginSlice() {
        if loop.isCurrent { loop.sliceOwner = request }
    }

    private func onLoop(_ call: @escaping @Sendable () -> Void) {
        if loop.isCurrent { call() } else { loop.execute(call) }
    }

    // MARK: Reading

    func start(_ receiver: any StreamReceiver) {
        unsafe self.receiver = receiver
        if connection.server.isDraining { serverStops() }
        deliverKept()
        tellEnd()
    }

    /// Tells the receiver of the end once it has heard all that came before.
    private func tellEnd() {
        if connection.inputEnded, unsafe connection.waiting.isEmpty { unsafe receiver?.receiveEnd() }
    }

    func didRead(_ bytes: UnsafeRawBufferPointer) {
        guard let receiver = unsafe receiver, unsafe connection.waiting.isEmpty else {
            return unsafe connection.keep(bytes)
        }
        let taken = unsafe receiver.receive(bytes)
        guard taken < bytes.count, unsafe !isClosing else { return }
        connection.stopReading()
        unsafe connection.keep(UnsafeRawBufferPointer(rebasing: bytes[taken...]))
    }

    func resume() {
        onLoop { [self] in
            guard connection.isOpen, unsafe !isClosing else { return }
            deliverKept()
            if unsafe connection.waiting.isEmpty, !connection.inputEnded { connection.startReading() }
            tellEnd()
        }
    }

    /// Gives the receiver what was kept for it.
    private func deliverKept() {
        let kept = unsafe connection.waiting
        guard let receiver = unsafe receiver, unsafe !kept.isEmpty else { return }
        let taken = unsafe receiver.receive(kept)
        // Closing has let go of what was kept.
        if unsafe !isClosing { connection.consume(taken) }
    }

    /// The peer sends no more, or the connection broke.
    func didEnd(_ error: UVError?) {
        tellEnd()
        if unsafe error != nil || isClosing { connection.close() }
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
        guard connection.isOpen, unsafe !isClosing else { return 0 }
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
        guard connection.isOpen, unsafe !isClosing else { return didFlush() }
        connection.writableOutput().append(bytes)
        connection.scheduleFlush()
    }

    func send(_ pieces: SharedPieces) -> SharedSending {
        assert(loop.isCurrent)
        if connection.output != nil || hasRemote.load(ordering: .relaxed) { flush() }
        guard connection.isOpen, unsafe !isClosing else { return .none }
        guard connection.queuedBytes == 0 else { return .some(0) }
        do {
            let sent = try unsafe connection.write(pieces.pieces) { pieces.holder(of: $0) }
            guard connection.queuedBytes > 0 else { return .all }
            waiting.store(connection.queuedBytes, ordering: .relaxed)
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

    func waitForRoom() async {
        guard loop.isCurrent else { return await waitFromElsewhere() }
        takeRemote()
        connection.flush()
        await connection.waitForRoom()
    }

    var isSliceLong: Bool { loop.isCurrent && loop.isSliceLong }

    func nextTurn() async {
        if loop.isCurrent { await loop.nextTurn() }
    }

    private func waitFromElsewhere() async {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            loop.execute { [self] in
                loop.startTask { [self] in
                    await waitForRoom()
                    unsafe continuation.resume()
                }
            }
        }
    }

    func didFlush() {
        waiting.store(connection.isOpen ? connection.queuedBytes : 0, ordering: .relaxed)
    }

    /// The socket has not taken everything.
    func watchWriting() {
        guard unsafe writeDeadline == .max else { return }
        connection.writeProgress = connection.unsentBytes
        unsafe writeDeadline = loop.now + connection.server.times.write
        setDeadline()
    }

    func didDrain() {
        waiting.store(0, ordering: .relaxed)
        unsafe writeDeadline = .max
        if unsafe isClosing { return connection.closeUpgraded() }
        unsafe receiver?.didDrain()
    }

    // MARK: Ending

    func close() {
        onLoop { [self] in
            guard unsafe !isClosing else { return }
            takeRemote()
            unsafe isClosing = true
            connection.closeUpgraded()
        }
    }

    func abort() {
        onLoop { [self] in
            unsafe isClosing = true
            connection.close()
        }
    }

    // MARK: Deadlines

    func setDeadline(after duration: Duration) {
        onLoop { [self] in
            unsafe receiverDeadline = loop.now + duration.loopMilliseconds
            setDeadline()
        }
    }

    private func setDeadline() {
        guard connection.isOpen, unsafe !isClosing else { return }
        unsafe connection.setDeadline(min(receiverDeadline, writeDeadline), on: loop.wheel)
    }

    func deadlinePassed() {
        if unsafe writeDeadline <= loop.now {
            // The client reads, if slowly: a new term.
            guard connection.hasTakenEnough() else { return abort() }
            unsafe writeDeadline = .max
            watchWriting()
        }
        if unsafe receiverDeadline <= loop.now {
            unsafe receiverDeadline = .max
            unsafe receiver?.deadlinePassed()
        }
        setDeadline()
    }
}
