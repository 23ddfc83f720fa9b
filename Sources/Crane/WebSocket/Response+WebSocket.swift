public import HTTPWire
import Logging

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
        let handshake: WebSocketHandshake
        do {
            handshake = try WebSocketHandshake(request)
        } catch {
            var refusal = text(
                "Failed to open a WebSocket connection: \(error.reason).\n", status: .badRequest)
            // RFC 6455, section 4.4.
            refusal.headers[.secWebSocketVersion] = "13"
            return refusal
        }
        guard options.allows(origin: request.headers[.origin], host: request.headers[.requestHost]) else {
            return Response(status: .forbidden)
        }
        var headers: HTTPFields = [.secWebSocketAccept: handshake.accept]
        let subprotocol = handshake.subprotocols.first(where: options.subprotocols.contains)
        if let subprotocol { headers[.secWebSocketProtocol] = subprotocol }
        let deflate = options.compresses ? DeflateAgreement(handshake.extensions) : nil
        if let deflate { headers[.secWebSocketExtensions] = deflate.fieldValue }
        return .upgrade(to: "websocket", headers: headers) { stream in
            let socket = WebSocket(
                stream: stream, options: options, subprotocol: subprotocol, deflate: deflate)
            socket.open()
            await socket.run(context, run)
        }
    }
}

extension WebSocket {
    /// Runs the handler, then closes what it has left open.
    fileprivate func run(_ context: Context, _ body: (WebSocket) async throws -> Void) async {
        do {
            try await body(self)
            await close()
        } catch let error as WebSocketError {
            await close(error.code, reason: error.reason)
        } catch is CancellationError where Task.isCancelled {
            await close(.goingAway)
        } catch {
            context.logger.error(
                "unexpected error",
                metadata: ["error": "\(error)", "route": "\(context.route ?? "-")"])
            await close(.internalError)
        }
    }
}
