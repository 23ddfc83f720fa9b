/// Why a WebSocket was closed (RFC 6455, section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The purpose was fulfilled.
    public static let normal = WebSocketCloseCode(rawValue: 1000)
    /// The server is going down, or the browser has left the page.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// Data of a kind that the receiver does not take.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// The peer gave no code; never sent.
    public static let noStatus = WebSocketCloseCode(rawValue: 1005)
    /// The connection broke without a close frame; never sent.
    public static let abnormal = WebSocketCloseCode(rawValue: 1006)
    /// Text that is not UTF-8, and its like.
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// The server met something that it did not expect.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// The server starts anew: come back.
    public static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

    /// Whether the code may stand in a close frame: the registered ones and 3000 to 4999 (RFC 6455, section 7.4.2).
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
