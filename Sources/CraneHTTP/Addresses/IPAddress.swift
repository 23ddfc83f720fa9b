/// An IPv4 or IPv6 address as 128 bits; IPv4 is held in its IPv4-mapped form (RFC 4291, section 2.5.5.2).
///
/// Parsing and printing allocate nothing beyond the string; comparing and hashing are two words each.
public struct IPAddress: Hashable, Sendable {
    /// The address in network order, the first 64 bits in `high`.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its 32 bits in host order.
    public init(v4: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(v4))
    }

    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Loopback of either family: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv4 ? (low >> 24) & 0xFF == 127 : high == 0 && low == 1 }

    /// What stands for a client where clients are counted: an IPv4 address, or the first 64 bits of an IPv6 address, which one
    /// subscriber usually has (RFC 6177).
    public var subscriber: IPAddress { IPAddress(high: high, low: isIPv4 ? low : 0) }

    /// The address with all but its first `bits` bits cleared; an IPv4 prefix counts from the 32-bit address.
    public func masked(toPrefix bits: Int) -> IPAddress {
        let bits = isIPv4 ? bits + 96 : bits
        func keep(_ count: Int) -> UInt64 {
            count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count))
        }
        return IPAddress(high: high & keep(bits), low: low & keep(bits - 64))
    }
}
