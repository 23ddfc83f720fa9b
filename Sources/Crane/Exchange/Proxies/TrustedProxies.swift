import CraneHTTP

/// The networks whose forwarding fields are believed.
///
/// A peer outside them is the client itself, whatever its fields say. A proxy that is listed must overwrite or append to
/// the fields it is believed for, and drop the others.
public struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    /// The loopback addresses of both families and Unix sockets.
    public static let loopback = TrustedProxies(known: ["127.0.0.0/8", "::1"])
    /// Nobody: every peer is a client.
    public static let none = TrustedProxies(known: [])
    /// Everybody: for a server that only its proxies can reach.
    public static let all = TrustedProxies(known: ["0.0.0.0/0", "::/0"])

    /// Networks as `10.0.0.0/8`, `2001:db8::/32` or single addresses; throws `NetworkError` for anything else.
    ///
    /// Unix sockets are trusted where 127.0.0.1 is.
    public init(_ networks: [String]) throws(NetworkError) {
        self.networks = try networks.map { text throws(NetworkError) in
            guard let network = IPNetwork(text) else { throw NetworkError(text: text) }
            return network
        }
    }

    private init(known networks: [String]) {
        self.networks = networks.compactMap { IPNetwork($0) }
    }

    /// Whether the forwarding fields of that peer count; `nil` is a Unix socket. Costs a comparison a network.
    package func contains(_ address: IPAddress?) -> Bool {
        let address = address ?? IPAddress(v4: 0x7F00_0001)
        return networks.contains { $0.contains(address) }
    }
}
