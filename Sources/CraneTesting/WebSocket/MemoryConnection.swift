import CraneHTTP
import CraneServer
import Dispatch
import Synchronization

/// A connection without a socket: the application's end and the test's.
///
/// Its queue stands for the loop: what the application hears, it hears there.
final class MemoryConnection: UpgradedStream, TestConnection {
    /// How far either side has come; any thread.
    private struct State {
        /// What the application has written and the test has not read.
        var output: [UInt8] = []
        /// The application writes nothing more.
        var isClosed = false
        /// The handler has returned, and what follows it has run.
        var isOver = false
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        /// Counts the reader's waits, so that a time-out ends its own only.
        var wait = 0
        var roomWaiters: [CheckedContinuation<Void, Never>] = []
        var task: Task<Void, Never>?

        /// Those whose wait is over: the reader with what it is given, and whoever waits for it to read.
        mutating func takeWaiters() -> (
            reader: CheckedContinuation<[UInt8]?, any Error>?, bytes: [UInt8],
            roomWaiters: [CheckedContinuation<Void, Never>]
        ) {
            let reader = output.isEmpty && !isOver ? nil : reader.take()
            let bytes = output
            if reader != nil { output = [] }
            guard output.isEmpty || isClosed else { return (reader, bytes, []) }
            defer { roomWaiters = [] }
            return (reader, bytes, roomWaiters)
        }
    }

    private let state = Mutex(State())
    private let queue: DispatchQueue
    private let arriving = Arriving()

    /// What the application hears; touched on the queue only.
    private final class Arriving: @unchecked Sendable {
        var receiver: (any StreamReceiver)?
        var input: [UInt8] = []
        var isPaused = false
        var hasEnded = false
        /// Counts the deadlines that were set: the last one counts.
        var deadline = 0
    }

    init(on queue: DispatchQueue = DispatchQueue(label: "crane.testing.connection")) { self.queue = queue }

    /// Runs what has the application's end; the connection ends with it.
    func run(_ body: @escaping @Sendable () async -> Void) {
        let task = Task {
            await body()
            queue.async { [arriving] in arriving.receiver = nil }
            wake { state in
                state.isClosed = true
                state.isOver = true
            }
        }
        state.withLock { $0.task = task }
    }

    /// Hands the application's end to what needs no task; the connection ends when that closes it.
    func handOver(to start: @escaping @Sendable (any UpgradedStream) -> Void) {
        queue.async { [self] in start(self) }
    }

    // MARK: The test's end

    func send(_ bytes: [UInt8]) async throws {
        queue.async { [self] in
            arriving.input += bytes
            deliver()
        }
    }

    func receive(within time: Duration) async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            let wait: Int? = state.withLock { state in
                guard state.reader == nil else { return nil }
                state.wait += 1
                state.reader = continuation
                return state.wait
            }
            guard let wait else {
                return continuation.resume(throwing: TestFailure("two tasks read the same WebSocket"))
            }
            wake { _ in }
            queue.asyncAfter(deadline: .now() + .init(time)) { [weak self] in self?.giveUp(wait) }
        }
    }

    private func giveUp(_ wait: Int) {
        let reader = state.withLock { $0.wait == wait ? $0.reader.take() : nil }
        reader?.resume(returning: nil)
    }

    func breakOff() {
        close()
        queue.async { [self] in
            arriving.hasEnded = true
            arriving.isPaused = false
            deliver()
        }
    }

    /// Changes the state, and lets those go on who wait for what it is now.
    private func wake(_ change: (inout State) -> Void) {
        let (reader, bytes, roomWaiters) = state.withLock { state in
            change(&state)
            return state.takeWaiters()
        }
        reader?.resume(returning: bytes)
        for waiter in roomWaiters { waiter.resume() }
    }

    // MARK: What the application hears

    private func deliver() {
        guard let receiver = arriving.receiver, !arriving.isPaused else { return }
        let bytes = arriving.input
        // The array outlives the call.
        let taken = unsafe bytes.withUnsafeBytes { unsafe $0.isEmpty ? 0 : receiver.receive($0) }
        arriving.input.removeFirst(taken)
        arriving.isPaused = taken < bytes.count
        if arriving.hasEnded && !arriving.isPaused { receiver.receiveEnd() }
    }

    func start(_ receiver: any StreamReceiver) {
        queue.async { [self] in
            arriving.receiver = receiver
            deliver()
        }
    }

    let memory = MemoryBudget(bound: .max)

    func beginSlice() {}
    var isSliceLong: Bool { false }
    func nextTurn() async {}

    func resume() {
        queue.async { [self] in
            arriving.isPaused = false
            deliver()
        }
    }

    func setDeadline(after duration: Duration) {
        queue.async { [self] in
            arriving.deadline += 1
            let number = arriving.deadline
            queue.asyncAfter(deadline: .now() + .init(duration)) { [weak self] in
                guard let self, number == arriving.deadline else { return }
                arriving.receiver?.deadlinePassed()
            }
        }
    }

    // MARK: What the application writes

    func write(_ body: (OutputBuffer) -> Void) -> Int {
        let output = OutputBuffer()
        body(output)
        // The array is a copy of its own.
        let bytes = unsafe Array(output.bytes)
        var waiting = 0
        wake { state in
            guard !state.isClosed else { return }
            state.output += bytes
            waiting = state.output.count
        }
        return waiting
    }

    var waitingBytes: Int { state.withLock { $0.isClosed ? 0 : $0.output.count } }

    func flush() {}

    func waitUntilWritable() async {
        await withCheckedContinuation { continuation in
            wake { $0.roomWaiters.append(continuation) }
        }
    }

    /// As in the server, the handler has a while to see that the connection has ended before it is cancelled.
    func close() {
        wake { $0.isClosed = true }
        guard let task = state.withLock({ $0.task }) else { return endWithoutTask() }
        Task {
            // In steps: a busy machine that has no thread for this has none for the handler.
            for _ in 0..<10 { try? await Task.sleep(for: ServerConfiguration().closedGrace / 10) }
            task.cancel()
        }
    }

    private func endWithoutTask() {
        queue.async { [self] in
            arriving.receiver?.receiveEnd()
            arriving.receiver = nil
            wake { $0.isOver = true }
        }
    }

    func abort() { close() }
}
