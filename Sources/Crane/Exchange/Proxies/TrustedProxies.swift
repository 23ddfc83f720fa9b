import CraneHTTP

/// The networks whose forwarding fields are believed.
///
/// A peer outside them is the client itself, whatever its fields say. A proxy that is listed must overwrite or append to
/// the fields it is believed for, and drop the others.
public struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: IPAddress
        let mask: IPAddress

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
            let width = address.isIPv4 ? 32 : 128
            guard let prefix = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(prefix) else {
                return nil
            }
            self.address = address.masked(toPrefix: prefix)
            // IPv4 stands in the last 32 of the 128 bits.
            mask = IPAddress(high: .max, low: .max).masked(toPrefix: prefix + 128 - width)
        }

        func contains(_ other: IPAddress) -> Bool {
            other.high & mask.high == address.high && other.low & mask.low == address.low
        }
    }

    private let networks: [Network]

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
            guard let network = Network(text) else { throw NetworkError(text: text) }
            return network
        }
    }

    private init(known networks: [String]) {
        self.networks = networks.compactMap { Network($0) }
    }

    /// Whether the forwarding fields of that peer count; `nil` is a Unix socket. Costs a comparison a network.
    package func contains(_ address: IPAddress?) -> Bool {
        let address = address ?? IPAddress(v4: 0x7F00_0001)
        return networks.contains { $0.contains(address) }
    }
}
