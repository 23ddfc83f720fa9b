import CraneHTTP
import CraneLoop
import HTTPTypes
import Synchronization

/// A request body on its way from a connection to whoever reads it.
///
/// The connection's side runs on the loop; the reader may run anywhere. What has come and nobody has read stays within
/// `bound`, after which the socket is left alone.
final class RequestBodyStream: RequestBodySource {
    private struct State {
        var ready: [UInt8] = []
        var isComplete = false
        var failure: RequestBodyError?
        var waiter: CheckedContinuation<[UInt8]?, any Error>?
        var trailers = HTTPFields()

        /// What can be said without waiting: a part, `.some(nil)` for the end, `nil` when more must come.
        mutating func take() throws -> [UInt8]?? {
            if !ready.isEmpty {
                defer { ready = [] }
                return .some(ready)
            }
            if let failure { throw failure }
            return isComplete ? .some(nil) : nil
        }
    }

    /// The connection's side: the loop's thread only.
    private struct Arrival {
        var remaining: UInt64
        var decoder: ChunkedDecoder?
        var received: UInt64 = 0
    }

    let expectedLength: UInt64?
    private let state: Mutex<State>
    // Only the loop's thread touches it.
    nonisolated(unsafe) private var arrival: Arrival
    private let loop: EventLoop
    private let limit: UInt64
    private let memory: MemoryBudget
    /// What the budget has counted of what the reader keeps.
    private let counted = Mutex(0)
    // Written once, read on the loop's thread only; a body may outlive its connection.
    nonisolated(unsafe) private weak var connection: HTTPConnection?

    static let bound = 64 << 10

    init(connection: HTTPConnection, framing: RequestFraming) {
        unsafe self.connection = connection
        loop = connection.loop
        limit = connection.server.configuration.maximumBodySize
        memory = connection.server.load.memory
        var state = State()
        if case .length(let length) = framing.body {
            expectedLength = length
            unsafe arrival = Arrival(remaining: length, decoder: nil)
            if length > limit { state.failure = .tooLarge }
        } else {
            expectedLength = nil
            unsafe arrival = Arrival(
                remaining: 0, decoder: ChunkedDecoder(limits: connection.server.configuration.limits))
        }
        self.state = Mutex(state)
    }

    deinit { letGo() }

    var trailers: HTTPFields { state.withLock { $0.trailers } }
    var isComplete: Bool { state.withLock { $0.isComplete } }
    /// Bytes of the body that have come; loop's thread only.
    var received: UInt64 { unsafe arrival.received }

    /// Bytes that have come and nobody has read.
    var waitingBytes: Int { state.withLock { $0.ready.count } }

    func hold(_ count: Int) throws {
        guard !counted.withLock({ memory.count(count, insteadOf: &$0) }) else { return }
        letGo()
        throw RequestBodyError.overloaded
    }

    /// The request has been answered: nothing is kept of it.
    func letGo() { counted.withLock { _ = memory.count(0, insteadOf: &$0) } }

    /// Whether somebody waits for the next part.
    var isAwaited: Bool { state.withLock { $0.waiter != nil } }

    /// Whether the connection cannot be used again when nobody reads the rest: it is more than is worth throwing away.
    func closesConnection() -> Bool {
        state.withLock { state in
            guard !state.isComplete else { return false }
            let isLong = unsafe arrival.remaining > UInt64(HTTPConnection.discardBound)
            return isLong || state.failure != nil
        }
    }

    // MARK: The connection's side

    /// Takes what of `input` belongs to the body and returns how much that was; throws on broken chunks.
    func receive(_ input: UnsafeRawBufferPointer) throws(WireError) -> Int {
        // A head that came alone: the client may be waiting for a `100`.
        guard unsafe !input.isEmpty else { return 0 }
        var part: [UInt8] = []
        let taken: Int
        var trailers = HTTPFields()
        let isComplete: Bool
        if unsafe arrival.decoder != nil {
            // An optional's payload is changed in place: the decoder is only ever taken out here.
            guard var decoder = unsafe arrival.decoder.take() else { return 0 }
            defer { unsafe arrival.decoder = decoder }
            taken = try unsafe decoder.decode(input) { unsafe part.append(contentsOf: $0) }
            isComplete = decoder.isComplete
            if isComplete { trailers = decoder.trailers }
        } else {
            taken = unsafe Int(min(arrival.remaining, UInt64(input.count)))
            part = unsafe Array(input[..<taken])
            unsafe arrival.remaining -= UInt64(taken)
            isComplete = unsafe arrival.remaining == 0
        }
        unsafe arrival.received += UInt64(part.count)
        deliver(part, isComplete: isComplete, trailers: trailers)
        return taken
    }

    private func deliver(_ part: [UInt8], isComplete: Bool, trailers: HTTPFields) {
        let isTooLarge = unsafe arrival.received > limit
        let (waiter, waiting) = state.withLock { state in
            if isTooLarge { state.failure = state.failure ?? .tooLarge }
            state.isComplete = isComplete
            state.trailers = trailers
            if state.failure == nil {
                if state.ready.isEmpty { state.ready = part } else { state.ready += part }
            } else {
                state.ready = []
            }
            guard state.waiter != nil, !part.isEmpty || isComplete || state.failure != nil else {
                return (CheckedContinuation<[UInt8]?, any Error>?.none, state.ready.count)
            }
            return (state.waiter.take(), 0)
        }
        if let waiter { resume(waiter) }
        if waiting > RequestBodyStream.bound { unsafe connection?.stopReading() }
    }

    /// Ends the body before its time.
    func fail(_ failure: RequestBodyError) {
        let waiter = state.withLock { state in
            if !state.isComplete, state.failure == nil { state.failure = failure }
            return state.waiter.take()
        }
        if let waiter { resume(waiter) }
    }

    private func resume(_ waiter: CheckedContinuation<[UInt8]?, any Error>) {
        let result = state.withLock { state in Result { try state.take() ?? nil } }
        waiter.resume(with: result)
    }

    // MARK: The reader's side

    func next() async throws -> [UInt8]? {
        if let ready = try state.withLock({ try $0.take() }) {
            onLoop { $0.resumeReading() }
            return ready
        }
        onLoop { $0.waitForBody() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(continuation)
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiter.take() }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ continuation: CheckedContinuation<[UInt8]?, any Error>) {
        let result = state.withLock { state -> Result<[UInt8]?, any Error>? in
            let ready = Result { try state.take() }
            if case .success(.none) = ready {
                // One reader at a time; and a cancellation that came before the waiter must not look like the body's end.
                if state.waiter != nil { return .failure(RequestBodyError.aborted) }
                if Task.isCancelled { return .failure(CancellationError()) }
                state.waiter = continuation
                return nil
            }
            return ready.map { $0 ?? nil }
        }
        if let result { continuation.resume(with: result) }
    }

    /// Throws the rest away; false when that is more than `bound` bytes or cannot be read.
    func discard(upTo bound: Int) async -> Bool {
        var discarded = 0
        do {
            while let part = try await next() {
                discarded += part.count
                if discarded > bound { return false }
            }
            return true
        } catch {
            return false
        }
    }

    private func onLoop(_ call: @escaping @Sendable (HTTPConnection) -> Void) {
        if loop.isCurrent {
            if let connection = unsafe connection { call(connection) }
        } else {
            loop.execute { [self] in
                if let connection = unsafe connection { call(connection) }
            }
        }
    }
}
