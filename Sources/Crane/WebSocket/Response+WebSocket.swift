public import CraneHTTP

extension Response {
    /// Accepts a WebSocket handshake and runs the connection; 400 for a handshake that is no good, 403 for a page that may not
    /// connect.
    ///
    /// When `run` returns the connection is closed with 1000; when it throws, with the code of a `WebSocketError`, or
    /// with 1011 for any other error, which is logged.
    public static func webSocket(
        _ request: Request, _ context: Context, options: WebSocketOptions = WebSocketOptions(),
        _ run: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> Response {
        do {
            return try WebSocketOpening(request, WebSocketRules(options)).accepted(context) { socket, _ in
                try await run(socket)
            }
        } catch {
            return error.response
        }
    }
}

extension Response {
    /// As the reference refuses a handshake: without a word, and the connection ends.
    static var refusedHandshake: Response {
        var refusal = text("", status: .forbidden)
        refusal.headers[.connection] = "close"
        return refusal
    }
}
