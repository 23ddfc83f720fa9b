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
        var text = String(text)
        guard let address = text.withUTF8({ unsafe IPAddress(UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = address
    }

    /// Parses an address from its text's bytes; allocates nothing.
    package init?(_ text: UnsafeRawBufferPointer) {
        if let v4 = unsafe IPAddress.parseV4(text) {
            self.init(v4: v4)
        } else if let value = unsafe IPAddress.parseV6(text) {
            self.init(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
        } else {
            return nil
        }
    }

    static func parseV4(_ text: UnsafeRawBufferPointer) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in 0..<text.count {
            let byte = unsafe text[index]
            if isDigit(byte) {
                // No leading zero: some read it as octal.
                guard digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part < 256 else { return nil }
            } else {
                guard byte == UInt8(ascii: "."), digits > 0, dots < 3 else { return nil }
                value = value << 8 | part
                part = 0
                digits = 0
                dots += 1
            }
        }
        return dots == 3 && digits > 0 ? value << 8 | part : nil
    }

    static func parseV6(_ text: UnsafeRawBufferPointer) -> UInt128? {
        // The groups before the "::", and those read since it or since the start.
        var front: (value: UInt128, count: Int)?
        var value: UInt128 = 0
        var count = 0
        var index = 0
        if text.count >= 2, unsafe text[0] == UInt8(ascii: ":") {
            guard unsafe text[1] == UInt8(ascii: ":") else { return nil }
            front = (0, 0)
            index = 2
        }
        while index < text.count {
            guard count < 8 else { return nil }
            let start = index
            var group: UInt128 = 0
            while index < text.count, let digit = unsafe hexDigit(text[index]) {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt128(digit)
                index += 1
            }
            // RFC 4291, section 2.2 (3): the last 32 bits may stand in dotted form.
            if index < text.count, unsafe text[index] == UInt8(ascii: ".") {
                guard let v4 = unsafe parseV4(UnsafeRawBufferPointer(rebasing: text[start...])) else {
                    return nil
                }
                value = value << 32 | UInt128(v4)
                count += 2
                break
            }
            guard index > start else { return nil }
            value = value << 16 | group
            count += 1
            if index == text.count { break }
            guard unsafe text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if unsafe text[index] == UInt8(ascii: ":") {
                guard front == nil else { return nil }
                front = (value, count)
                (value, count) = (0, 0)
                index += 1
            }
        }
        guard let front else { return count == 8 ? value : nil }
        guard front.count + count < 8 else { return nil }
        return front.value << UInt128(128 - 16 * front.count) | value
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
