public import Crane
import CraneHTTP
import Synchronization

/// The test's end of a WebSocket: sends messages, and reads what the application sends.
///
/// As an `AsyncSequence` it gives the messages in order and ends with the connection; `closeCode` says why. It hears the
/// server, and answers its pings, while `next` or `close` waits, never longer than the time-out (in which the time does not count
/// that a busy machine has no thread for the test), and reads as fast as the test does: an application that sends more than
/// the test reads waits. It offers no compression. Breaks the connection off when it is
/// let go. For one task at a time.
///
/// In memory the end comes when the handler has returned, and clean-ups and background tasks have run.
public final class TestWebSocket: Sendable {
    /// A text or bytes.
    public typealias Message = WebSocket.Message

    /// The response to the handshake: 101 and its fields.
    public let handshake: TestResponse
    private let timeout: Duration
    private let connection: any TestConnection
    private let state = Mutex(State())

    private struct State {
        var reader = MessageReader(limit: .max, expectsMask: false)
        /// What has come and was not read.
        var input: [UInt8] = []
        var hasSentClose = false
        var hasEnded = false
        var closure: WebSocketClosure?

        mutating func nextEvent() throws(WebSocketClosure) -> MessageReader.Event? {
            var position = 0
            let bytes = input
            defer { input.removeFirst(position) }
            // The array outlives the call.
            let step = unsafe bytes.withUnsafeBytes {
                bytes -> Result<MessageReader.Event?, WebSocketClosure> in
                do throws(WebSocketClosure) {
                    return .success(try unsafe reader.next(bytes, from: &position))
                } catch {
                    return .failure(error)
                }
            }
            return try step.get()
        }
    }

    init(_ connection: any TestConnection, handshake: TestResponse, timeout: Duration) {
        self.connection = connection
        self.handshake = handshake
        self.timeout = timeout
    }

    deinit { connection.breakOff() }

    /// The subprotocol that the application chose.
    public var subprotocol: String? { handshake.headers[.secWebSocketProtocol] }

    /// The code of the server's close frame: `noStatus` when it had none, `abnormal` when the connection ended without one;
    /// `nil` until `next` or `close` has met it.
    public var closeCode: WebSocketCloseCode? { state.withLock { $0.closure?.code } }

    /// The reason that came with `closeCode`.
    public var closeReason: String { state.withLock { $0.closure?.reason ?? "" } }

    /// Sends a text; throws as `send(_: Message)` does.
    public func send(_ text: String) async throws { try await send(.text(text)) }

    /// Sends bytes; throws as `send(_: Message)` does.
    public func send(_ bytes: [UInt8]) async throws { try await send(.binary(bytes)) }

    /// Sends a message; throws `TestFailure` once this side has said goodbye or the connection has ended.
    public func send(_ message: Message) async throws {
        guard state.withLock({ !$0.hasSentClose && !$0.hasEnded }) else {
            throw TestFailure("the WebSocket is closed: nothing can be sent")
        }
        switch message {
        case .text(let text): try await send(.text, Array(text.utf8))
        case .binary(let bytes): try await send(.binary, bytes)
        }
    }

    /// The next message, `nil` once the connection has ended; throws `TestFailure` when neither comes in time.
    public func next() async throws -> Message? {
        var patience = Patience(timeout)
        return try await next(&patience)
    }

    /// Says goodbye and waits for the server's goodbye and the connection's end; messages that still come are dropped.
    ///
    /// Throws `TestFailure` when the end does not come in time. Does nothing on a closed connection.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async throws {
        var patience = Patience(timeout)
        try await sayGoodbye(WebSocketClosure(code, reason))
        while try await next(&patience) != nil {}
    }

    /// Breaks the connection off without a goodbye, as a client that has crashed.
    public func abort() {
        state.withLock { state in
            state.hasEnded = true
            if state.closure == nil { state.closure = WebSocketClosure(.abnormal) }
        }
        connection.breakOff()
    }

    /// What is left of a time-out.
    ///
    /// No wait counts for more than a tenth of it: while a busy machine has no thread for the test's task, the handler's has none
    /// either. So the handler has had ten turns and more before it is given up.
    private struct Patience {
        private var left: Duration
        private let step: Duration

        init(_ timeout: Duration) {
            left = timeout
            step = timeout / 10
        }

        var isOver: Bool { left <= .zero }
        /// How long to wait now.
        var next: Duration { Swift.min(step, left) }

        mutating func count(_ waited: Duration) { left -= Swift.min(waited, next) }
    }

    private func next(_ patience: inout Patience) async throws -> Message? {
        while true {
            if state.withLock({ $0.hasEnded }) { return nil }
            switch try nextEvent() {
            case .text(let text): return .text(text)
            case .binary(let bytes): return .binary(bytes)
            case .ping(let payload): try await send(.pong, payload)
            case .pong: break
            case .close(let closure):
                state.withLock { $0.closure = closure }
                try await sayGoodbye(WebSocketClosure(closure.code))
            case .compressed: throw TestFailure("a compressed message, though it was not agreed on")
            case nil: try await receive(&patience)
            }
        }
    }

    private func nextEvent() throws -> MessageReader.Event? {
        do throws(WebSocketClosure) {
            return try state.withLock { state throws(WebSocketClosure) in try state.nextEvent() }
        } catch {
            throw TestFailure("the server broke the protocol: \(error.reason)")
        }
    }

    private func receive(_ patience: inout Patience) async throws {
        let began = ContinuousClock.now
        let bytes = try await connection.receive(within: patience.next)
        patience.count(.now - began)
        guard let bytes else {
            guard patience.isOver else { return }
            throw TestFailure(
                closeCode == nil
                    ? "nothing came over the WebSocket in time"
                    : "the WebSocket is closed, but its handler has not ended in time")
        }
        state.withLock { state in
            state.input += bytes
            guard bytes.isEmpty else { return }
            state.hasEnded = true
            if state.closure == nil { state.closure = WebSocketClosure(.abnormal) }
        }
    }

    /// Sends the close frame, once.
    private func sayGoodbye(_ closure: WebSocketClosure) async throws {
        let isDue = state.withLock { state in
            defer { state.hasSentClose = true }
            return !state.hasSentClose && !state.hasEnded
        }
        if isDue { try await send(.close, closure.payload) }
    }

    /// RFC 6455, section 5.3: a key of its own for each frame.
    private func send(_ opcode: FrameOpcode, _ payload: [UInt8]) async throws {
        let output = OutputBuffer(capacity: payload.count + 16)
        // The array outlives the call.
        unsafe payload.withUnsafeBytes { payload in
            unsafe FrameWriter.write(opcode, payload, mask: .random(in: 0...(.max)), to: output)
        }
        // The array is a copy of its own.
        try await connection.send(unsafe Array(output.bytes))
    }
}

extension TestWebSocket: AsyncSequence {
    public struct AsyncIterator: AsyncIteratorProtocol {
        let socket: TestWebSocket

        public func next() async throws -> Message? {
            try await socket.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(socket: self)
    }
}
