public import CraneHTTP
import Synchronization

/// A connection over which client and server send each other messages (RFC 6455).
///
/// As an `AsyncSequence` it gives the client's messages in order and ends when the connection does: `closeCode` says why.
/// Pings, pongs, close frames and lost clients are dealt with behind it, whether anybody reads or not. Messages that nobody
/// reads stop the socket, so they never pile up. May be used from any task.
///
/// ```swift
/// app.webSocket("/echo") { socket, _ in
///     for await message in socket { try await socket.send(message) }
/// }
/// ```
public final class WebSocket: Sendable {
    public enum Message: Hashable, Sendable {
        case text(String)
        case binary([UInt8])
    }

    /// The subprotocol that was agreed on.
    public let subprotocol: String?
    let stream: any UpgradedStream
    private let rules: WebSocketRules
    var options: WebSocketOptions { rules.options }
    let state: Mutex<State>
    let budget: MemoryBudget

    /// Messages that wait for the handler before the socket is left alone.
    static let inboxBound = 32
    static let inboxByteBound = 64 << 10
    /// Output in bytes behind which `send` waits.
    static let sendBound = 64 << 10

    init(
        stream: any UpgradedStream, rules: WebSocketRules, subprotocol: String? = nil,
        deflate: DeflateAgreement? = nil
    ) {
        budget = stream.memory
        self.stream = stream
        self.rules = rules
        self.subprotocol = subprotocol
        let reader = MessageReader(limit: rules.options.maximumMessageSize, allowsCompression: deflate != nil)
        state = Mutex(State(reader: reader, deflate: deflate.map { MessageDeflate($0) }))
    }

    deinit {
        state.withLock { state in _ = budget.count(0, insteadOf: &state.counted) }
    }

    /// Why the connection was closed: the client's code (`noStatus` when it gave none), the server's own while the client has not
    /// answered and when it broke the protocol, `abnormal` when the connection was lost; `nil` while it is open.
    public var closeCode: WebSocketCloseCode? { state.withLock { $0.closure?.code } }

    /// The reason that came with `closeCode`.
    public var closeReason: String { state.withLock { $0.closure?.reason ?? "" } }

    /// Begins to hear the client; on the connection's loop.
    func open() {
        // Before anything is heard, which may set another.
        if let interval = options.pingInterval { stream.setDeadline(after: interval) }
        stream.start(self)
    }
}

extension WebSocket: AsyncSequence {
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline let socket: WebSocket

        // Parts of the caller: a frame that waits is held as long as the connection is open.
        @inlinable
        public func next() async -> Message? {
            await socket.next()
        }

        @inlinable
        public func next(isolation: isolated (any Actor)?) async -> Message? {
            await socket.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(socket: self)
    }
}
