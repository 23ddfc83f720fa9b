/// The addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`, or a single one.
package struct IPNetwork: Sendable {
    private let address: IPAddress
    private let mask: IPAddress

    /// Reads a network or an address; `nil` for anything else.
    package init?(_ text: String) {
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

    package func contains(_ other: IPAddress) -> Bool {
        other.high & mask.high == address.high && other.low & mask.low == address.low
    }
}
