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

    /// The address with all but its first `bits` bits cleared; an IPv4 prefix counts from the 32-bit address.
    public func masked(toPrefix bits: Int) -> IPAddress {
        let bits = isIPv4 ? bits + 96 : bits
        func keep(_ count: Int) -> UInt64 {
            count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count))
        }
        return IPAddress(high: high & keep(bits), low: low & keep(bits - 64))
    }
}

extension IPAddress {
    /// Parses dotted IPv4 (four decimal parts, no leading zeros) or RFC 4291 IPv6 text, without brackets or zone.
    public init?(_ text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        if let v4 = IPAddress.parseV4(utf8[...]) {
            self.init(v4: v4)
        } else if let address = IPAddress.parseV6(utf8[...]) {
            self = address
        } else {
            return nil
        }
    }

    static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (48...57).contains($0) }) else { return nil }
            guard part.count == 1 || part.first != 48 else { return nil }
            let number = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 48) }
            guard number < 256 else { return nil }
            value = value << 8 | number
        }
        return value
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> IPAddress? {
        var text = text
        var tail: [UInt16] = []
        // RFC 4291, section 2.2 (3): the last 32 bits may stand in dotted form.
        if text.contains(UInt8(ascii: ".")) {
            guard let colon = text.lastIndex(of: UInt8(ascii: ":")) else { return nil }
            guard let v4 = parseV4(text[(colon + 1)...]) else { return nil }
            tail = [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
            text = text[..<colon]
            // "::1.2.3.4" leaves one colon of the pair behind.
            if text.last == UInt8(ascii: ":") { text.append(UInt8(ascii: ":")) }
            if text.isEmpty { return nil }
        }
        var gap: Int?
        var groups: [UInt16] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                let edge = index == 0 || index == parts.count - 1
                if edge {
                    let neighbour = index == 0 ? 1 : parts.count - 2
                    guard parts.count > 2, parts[neighbour].isEmpty else { return nil }
                    continue
                }
                guard gap == nil else { return nil }
                gap = groups.count
                continue
            }
            guard part.count <= 4 else { return nil }
            var value: UInt16 = 0
            for digit in part {
                guard let nibble = hexDigit(digit) else { return nil }
                value = value << 4 | UInt16(nibble)
            }
            groups.append(value)
        }
        groups += tail
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        if let gap { groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap) }
        let halves = (groups[..<4], groups[4...])
        return IPAddress(
            high: halves.0.reduce(0) { $0 << 16 | UInt64($1) }, low: halves.1.reduce(0) { $0 << 16 | UInt64($1) })
    }
}

/// The value of one hexadecimal digit, either case.
@inlinable
package func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte &- 48
    case 65...70: byte &- 55
    case 97...102: byte &- 87
    default: nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted form for IPv4; RFC 5952's canonical form for IPv6.
    public var description: String {
        if isIPv4 {
            return "\((low >> 24) & 255).\((low >> 16) & 255).\((low >> 8) & 255).\(low & 255)"
        }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
        }
        // RFC 5952, section 4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
        var best = (start: 0, length: 1)
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.length { best = (start, end - start) }
            start = end + 1
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard best.length > 1 else { return text(groups[...]) }
        return text(groups[..<best.start]) + "::" + text(groups[(best.start + best.length)...])
    }
}
