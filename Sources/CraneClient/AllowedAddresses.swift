public import Crane
import CraneHTTP

/// Which addresses a client may connect to. It is the address of each connection that is looked at, not the name in the URL, so
/// that a name which leads to another address the second time changes nothing.
public struct AllowedAddresses: Sendable {
    private let isAny: Bool
    private let networks: [IPNetwork]

    /// Those of the public internet: no private network, nor this machine, its links or anything else that is set aside
    /// (IANA's special-purpose registries). IPv6 addresses that stand for IPv4 ones are what these are.
    public static let publicOnly = AllowedAddresses(isAny: false, networks: [])
    /// All: for URLs that nobody else chooses.
    public static let any = AllowedAddresses(isAny: true, networks: [])

    private init(isAny: Bool, networks: [IPNetwork]) {
        self.isAny = isAny
        self.networks = networks
    }

    /// The public ones and those in `networks`, as `10.0.0.0/8` or `::1`; throws `NetworkError` for anything else.
    public init(publicAnd networks: [String]) throws(NetworkError) {
        isAny = false
        self.networks = try networks.map { text throws(NetworkError) in
            guard let network = IPNetwork(text) else { throw NetworkError(text: text) }
            return network
        }
    }

    /// Whether `address` may be connected to.
    func contains(_ address: IPAddress) -> Bool {
        isAny || address.isPublic || networks.contains { $0.contains(address) }
    }
}
