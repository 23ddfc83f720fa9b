import HTTPWire

/// The networks whose forwarding fields are believed.
public struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: IPAddress
        let prefix: Int
    }

    private let networks: [Network]

    private init(_ networks: [Network]) {
        self.networks = networks
    }

    /// 127.0.0.0/8, ::1 and Unix sockets.
    public static let loopback = TrustedProxies([])
    /// Nobody: the peer is the client.
    public static let none = TrustedProxies([])

    func client(of request: Request) -> PeerAddress { request.peer }
    func scheme(of request: Request) -> Scheme { .http }
    func requestID(of request: Request) -> String? { nil }
}
