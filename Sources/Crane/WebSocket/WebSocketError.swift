public import CraneHTTP

/// The reason for a WebSocket's end: thrown by `send` once it is closed, and by a handler to close it.
///
/// Thrown before the connection is accepted it refuses the handshake with 403.
public struct WebSocketError: ResponseError, Hashable {
    public var code: WebSocketCloseCode
    public var reason: String

    public init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    public func response(for request: Request, context: Context) -> Response {
        .refusedHandshake
    }
}
