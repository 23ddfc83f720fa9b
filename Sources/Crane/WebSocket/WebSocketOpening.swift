import CraneHTTP
import HTTPTypes

/// A handshake that has been checked and not yet accepted.
@usableFromInline
struct WebSocketOpening: Sendable {
    private let handshake: WebSocketHandshake
    private let rules: WebSocketRules
    private var options: WebSocketOptions { rules.options }

    /// A handshake that is no good, or from a page that may not connect.
    @usableFromInline
    struct Refusal: ResponseError {
        let response: Response

        @usableFromInline
        func response(for request: Request, context: Context) -> Response { response }
    }

    /// Throws 400 for a handshake that is no good, 403 for a page that may not connect: before any input runs code.
    @usableFromInline
    init(_ request: Request, _ rules: WebSocketRules) throws(Refusal) {
        do {
            handshake = try WebSocketHandshake(request)
        } catch {
            var response = Response.text(
                "Failed to open a WebSocket connection: \(error.reason).\n", status: .badRequest)
            // RFC 6455, section 4.4.
            response.headers[.secWebSocketVersion] = "13"
            response.headers[.connection] = "close"
            throw Refusal(response: response)
        }
        guard rules.options.allows(origin: request.headers[.origin], host: request.headers[.requestHost])
        else {
            throw Refusal(response: .refusedHandshake)
        }
        self.rules = rules
    }

    /// The response that opens the WebSocket; `handler` has it from then on.
    @usableFromInline
    func accepted(
        _ context: Context, _ handler: @escaping @Sendable (WebSocket, Context) async throws -> Void
    ) -> Response {
        let subprotocol = handshake.subprotocols.first(where: options.subprotocols.contains)
        let deflate = options.compresses ? DeflateAgreement(handshake.extensions) : nil
        let headers = fields(subprotocol, deflate)
        var response = Response.upgrade(to: "websocket", headers: headers) { [rules] stream in
            let socket = WebSocket(stream: stream, rules: rules, subprotocol: subprotocol, deflate: deflate)
            socket.open()
            return socket.work(context, handler)
        }
        // What the handler leaves to be done is not known before it has ended.
        response.afterSend = { await context.finish() }
        return response
    }

    private func fields(_ subprotocol: String?, _ deflate: DeflateAgreement?) -> HTTPFields {
        var headers: HTTPFields = [.secWebSocketAccept: handshake.accept]
        if let subprotocol { headers[.secWebSocketProtocol] = subprotocol }
        if let deflate { headers[.secWebSocketExtensions] = deflate.fieldValue }
        return headers
    }

    /// The response that makes the client a subscriber; `start` has the connection from then on, without a task.
    func handedOver(_ start: @escaping @Sendable (any UpgradedStream, FeedKind) -> Void) -> Response {
        let subprotocol = handshake.subprotocols.first(where: options.subprotocols.contains)
        var deflate =
            options.compresses ? DeflateAgreement(handshake.extensions, bits: FeedKind.deflateBits) : nil
        // A smaller window would need frames of its own.
        if deflate?.serverBits != FeedKind.deflateBits { deflate = nil }
        // Each message by itself, so that all clients can be sent the same; what they say is not looked at.
        deflate?.serverResets = true
        deflate?.clientResets = true
        let kind = deflate == nil ? FeedKind.webSocket : .deflated
        return Response.upgrade(to: "websocket", headers: fields(subprotocol, deflate)) { start($0, kind) }
    }
}
