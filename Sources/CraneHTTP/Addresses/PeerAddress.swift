/// Where a connection comes from: an address and port, or a Unix socket.
public struct PeerAddress: Hashable, Sendable {
    /// The peer's address; `nil` for a Unix socket.
    public let ip: IPAddress?
    /// The peer's port; 0 for a Unix socket.
    public let port: UInt16

    /// The other end of a connection.
    ///
    /// - Parameters:
    ///   - ip: its address; `nil` for a Unix socket.
    ///   - port: its port; 0 for a Unix socket.
    public init(ip: IPAddress?, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// What stands for the client where clients are counted; all Unix sockets are one.
    public var subscriber: IPAddress { ip?.subscriber ?? IPAddress(high: 0, low: 0) }

    /// The other end of any Unix socket.
    public static let unixSocket = PeerAddress(ip: nil, port: 0)
}
