import CraneHTTP
import HTTPTypes

/// A handshake that has been checked and not yet accepted.
@usableFromInline
struct WebSocketOpening: Sendable {
    private let handshake: WebSocketHandshake
    private let options: WebSocketOptions

    /// A handshake that is no good, or from a page that may not connect.
    @usableFromInline
    struct Refusal: ResponseError {
        let answer: Response

        @usableFromInline
        func response(for request: Request, context: Context) -> Response { answer }
    }

    /// Throws 400 for a handshake that is no good, 403 for a page that may not connect: before any input runs code.
    @usableFromInline
    init(_ request: Request, _ options: WebSocketOptions) throws(Refusal) {
        do {
            handshake = try WebSocketHandshake(request)
        } catch {
            var answer = Response.text(
                "Failed to open a WebSocket connection: \(error.reason).\n", status: .badRequest)
            // RFC 6455, section 4.4.
            answer.headers[.secWebSocketVersion] = "13"
            answer.headers[.connection] = "close"
            throw Refusal(answer: answer)
        }
        guard options.allows(origin: request.headers[.origin], host: request.headers[.requestHost]) else {
            throw Refusal(answer: .refusedHandshake)
        }
        self.options = options
    }

    /// The answer that opens the WebSocket; `run` has it from then on.
    @usableFromInline
    func accepted(
        _ context: Context, _ run: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> Response {
        var headers: HTTPFields = [.secWebSocketAccept: handshake.accept]
        let subprotocol = handshake.subprotocols.first(where: options.subprotocols.contains)
        if let subprotocol { headers[.secWebSocketProtocol] = subprotocol }
        let deflate = options.compresses ? DeflateAgreement(handshake.extensions) : nil
        if let deflate { headers[.secWebSocketExtensions] = deflate.fieldValue }
        var response = Response.upgrade(to: "websocket", headers: headers) { [options] stream in
            let socket = WebSocket(
                opening: stream, options: options, subprotocol: subprotocol, deflate: deflate)
            await socket.run(context, run)
        }
        // What the handler leaves to be done is not known before it has ended.
        response.afterSend = { await context.finish() }
        return response
    }
}
