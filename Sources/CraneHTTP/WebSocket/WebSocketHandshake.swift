import CraneSystem
internal import HTTPTypes

extension Request {
    /// Whether the client asks to speak WebSocket from here on (RFC 6455, section 4.1): a `GET` over HTTP/1.1 with
    /// `Connection: upgrade` and `Upgrade: websocket`.
    ///
    /// Costs a comparison for every other request.
    public var isWebSocketHandshake: Bool {
        guard framing.wantsUpgrade, isGet else { return false }
        return headers.values(.upgrade).contains { value in
            value.pieces(at: ",").contains { $0.withoutBlanks.isSpeltWithoutCase("websocket") }
        }
    }
}

/// What a client says in its opening handshake, checked (RFC 6455, section 4.2.1).
package struct WebSocketHandshake: Sendable {
    /// The response to the client's key.
    package let accept: String
    /// The subprotocols that the client would speak, the dearest first.
    package let subprotocols: [String]
    /// The extensions that it would use, the dearest first.
    package let extensions: [ExtensionOffer]

    /// Why a handshake is no good, in words for the client: 400.
    package struct Refusal: Error, Hashable, Sendable {
        package let reason: String
    }

    package init(_ request: Request) throws(Refusal) {
        guard request.isWebSocketHandshake else { throw Refusal(reason: "no WebSocket handshake") }
        guard request.framing.body == .none else { throw Refusal(reason: "a handshake has no body") }
        let version = try WebSocketHandshake.only(.secWebSocketVersion, of: request)
        guard version == "13" else {
            throw Refusal(reason: "invalid Sec-WebSocket-Version header: \(version)")
        }
        let key = try WebSocketHandshake.only(.secWebSocketKey, of: request)
        guard Base64.isText(key, ofBytes: 16) else {
            throw Refusal(reason: "invalid Sec-WebSocket-Key header: \(key)")
        }
        accept = WebSocketHandshake.accept(for: key)
        subprotocols = try WebSocketHandshake.subprotocols(of: request)
        var extensions: [ExtensionOffer] = []
        for value in request.headers.values(.secWebSocketExtensions) {
            guard let offers = ExtensionOffer.parse(value) else {
                throw Refusal(reason: "invalid Sec-WebSocket-Extensions header: \(value)")
            }
            extensions += offers
        }
        self.extensions = extensions
    }

    /// The value of a field that must be there once.
    private static func only(_ name: HTTPField.Name, of request: Request) throws(Refusal) -> String {
        let values = request.headers.values(name)
        guard let value = values.first else { throw Refusal(reason: "missing \(name.rawName) header") }
        guard values.count == 1 else { throw Refusal(reason: "more than one \(name.rawName) header") }
        return value
    }

    /// RFC 6455, section 4.2.2, step 5.4.
    package static func accept(for key: String) -> String {
        Base64.encode(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// A key as a client sends it, a new one each time (RFC 6455, section 4.1).
    package static func makeKey() -> String {
        Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
    }

    private static func subprotocols(of request: Request) throws(Refusal) -> [String] {
        var names: [String] = []
        for value in request.headers.values(.secWebSocketProtocol) {
            for element in value.pieces(at: ",") {
                let name = String(element.withoutBlanks)
                if name.isEmpty { continue }
                guard HandshakeText.isToken(name) else {
                    throw Refusal(reason: "invalid Sec-WebSocket-Protocol header: \(value)")
                }
                names.append(name)
            }
        }
        return names
    }
}
