/// What a close frame says (RFC 6455, section 5.5.1).
package struct WebSocketClosure: Error, Hashable, Sendable {
    package var code: WebSocketCloseCode
    package var reason: String

    package init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// Reads a close frame's payload: empty, or a code that may be sent and a reason in UTF-8.
    init(payload: [UInt8]) throws(WebSocketClosure) {
        guard !payload.isEmpty else {
            self.init(.noStatus)
            return
        }
        guard payload.count >= 2 else { throw .violation("a close frame with half a code") }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isSendable else { throw .violation("a close code that may not be sent") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw WebSocketClosure(.invalidPayload, "the reason is not UTF-8")
        }
        self.init(code, reason)
    }

    /// The payload of a close frame; empty for a code that may not be sent, as RFC 6455, section 7.1.5 has it for 1005.
    package var payload: [UInt8] {
        guard code.isSendable else { return [] }
        // RFC 6455, section 5.5: a control frame has 125 bytes at most. What is cut must still be UTF-8.
        var reason = reason[...]
        while reason.utf8.count > 123 { reason = reason.dropLast() }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason.utf8
    }

    static func violation(_ reason: String) -> WebSocketClosure {
        WebSocketClosure(.protocolError, reason)
    }
}
