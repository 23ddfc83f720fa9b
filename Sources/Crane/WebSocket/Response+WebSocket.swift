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
            refusal.headers[.connection] = "close"
            return refusal
        }
        guard options.allows(origin: request.headers[.origin], host: request.headers[.requestHost]) else {
            return .refusedHandshake
        }
        var headers: HTTPFields = [.secWebSocketAccept: handshake.accept]
        let subprotocol = handshake.subprotocols.first(where: options.subprotocols.contains)
        if let subprotocol { headers[.secWebSocketProtocol] = subprotocol }
        let deflate = options.compresses ? DeflateAgreement(handshake.extensions) : nil
        if let deflate { headers[.secWebSocketExtensions] = deflate.fieldValue }
        return .upgrade(to: "websocket", headers: headers) { stream in
            let socket = WebSocket(
                opening: stream, options: options, subprotocol: subprotocol, deflate: deflate)
            await socket.run(context, run)
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

extension WebSocket {
    // What does not wait stands in functions of its own: a frame that waits is held as long as the connection is open.

    @inline(never)
    fileprivate convenience init(
        opening stream: any UpgradedStream, options: WebSocketOptions, subprotocol: String?,
        deflate: DeflateAgreement?
    ) {
        self.init(stream: stream, options: options, subprotocol: subprotocol, deflate: deflate)
        open()
    }

    /// Runs the handler, then closes what it has left open.
    fileprivate func run(_ context: Context, _ body: (WebSocket) async throws -> Void) async {
        let closure: WebSocketClosure
        do {
            try await body(self)
            closure = WebSocketClosure(.normal)
        } catch {
            closure = WebSocket.closure(for: error, context)
        }
        await close(closure.code, reason: closure.reason)
    }

    @inline(never)
    private static func closure(for error: any Error, _ context: Context) -> WebSocketClosure {
        switch error {
        case let error as WebSocketError:
            return WebSocketClosure(error.code, error.reason)
        case is CancellationError where Task.isCancelled:
            return WebSocketClosure(.goingAway)
        default:
            context.logger.error(
                "unexpected error", metadata: ["error": "\(error)", "route": "\(context.route ?? "-")"])
            return WebSocketClosure(.internalError)
        }
    }
}
