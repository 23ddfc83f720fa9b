/// Why bytes are not a message this server takes: the status to answer with before the connection is closed.
public struct WireError: Error, Hashable, Sendable {
    /// 400, 413, 414, 417, 431, 501 or 505.
    public let status: Int
    /// What was wrong, for the log; never shows what the client sent.
    public let reason: String

    public init(status: Int, reason: String) {
        self.status = status
        self.reason = reason
    }

    static func malformed(_ reason: String) -> WireError {
        WireError(status: 400, reason: reason)
    }
}
