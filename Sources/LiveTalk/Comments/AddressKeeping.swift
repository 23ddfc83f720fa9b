import Crane

/// What is kept of the addresses that comments come with.
public enum AddressKeeping: String, Sendable, CaseIterable {
    case keep
    /// The network alone: /24 of IPv4, /48 of IPv6.
    case truncate
    case drop

    /// What is kept of `user_ip`; of a text that is no address nothing, unless all is kept.
    func kept(of text: String) -> String {
        switch self {
        case .keep: text
        case .truncate: IPAddress(text).map { $0.network.description } ?? ""
        case .drop: ""
        }
    }
}

extension IPAddress {
    /// The network that the address is in, as far as it tells no household: /24 of IPv4, /48 of IPv6.
    var network: IPAddress { masked(toPrefix: isIPv4 ? 24 : 48) }
}
