extension IPAddress {
    /// Whether the address is one of the public internet: none of a private network, of this machine or link, of a group,
    /// or set aside for anything else (the special-purpose registries of IANA, RFC 6890).
    ///
    /// IPv6 addresses that stand for IPv4 ones are what these are; of the other IPv6 addresses those of global unicast count
    /// (RFC 4291, section 2.4). Costs a comparison a network.
    package var isPublic: Bool {
        if isIPv4 { return !Self.specialIPv4.contains { $0.contains(self) } }
        // The well-known prefix for translation, 64:ff9b::/96 (RFC 6052, section 2.1).
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 {
            return IPAddress(v4: UInt32(truncatingIfNeeded: low)).isPublic
        }
        return high >> 61 == 1 && !Self.specialIPv6.contains { $0.contains(self) }
    }

    private static let specialIPv4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap { IPNetwork($0) }

    /// Those inside 2000::/3: protocols' own with Teredo, documentation, and 6to4, which leads to any IPv4 address.
    private static let specialIPv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
        .compactMap { IPNetwork($0) }
}
