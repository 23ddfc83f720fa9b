import CraneSystem

extension IPAddress: CustomStringConvertible {
    /// Dotted form for IPv4, which needs no memory of its own; RFC 5952's canonical form for IPv6.
    public var description: String {
        unsafe String(unsafeUninitializedCapacity: isIPv4 ? 15 : 39) { buffer in
            var text = unsafe AddressText(buffer: buffer)
            if isIPv4 { text.writeV4(UInt32(truncatingIfNeeded: low)) } else { text.writeV6(high, low) }
            return text.count
        }
    }
}

/// Writes an address's text into memory that has room for the longest.
@safe
private struct AddressText {
    // Lives as long as the closure that `description` runs in.
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.buffer = buffer
    }

    private mutating func write(_ byte: UInt8) {
        unsafe buffer[count] = byte
        count += 1
    }

    mutating func writeV4(_ address: UInt32) {
        for shift: UInt32 in [24, 16, 8, 0] {
            let part = UInt8(truncatingIfNeeded: address >> shift)
            if part > 99 { write(48 + part / 100) }
            if part > 9 { write(48 + part / 10 % 10) }
            write(48 + part % 10)
            if shift > 0 { write(UInt8(ascii: ".")) }
        }
    }

    mutating func writeV6(_ high: UInt64, _ low: UInt64) {
        func group(_ index: Int) -> UInt16 {
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
        }
        // RFC 5952, section 4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
        var gap = 8..<8
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, group(end) == 0 { end += 1 }
            if end - start > max(gap.count, 1) { gap = start..<end }
            start = end + 1
        }
        var index = 0
        while index < 8 {
            if index == gap.lowerBound {
                write(UInt8(ascii: ":"))
                write(UInt8(ascii: ":"))
                index = gap.upperBound
                continue
            }
            if index > 0, index != gap.upperBound { write(UInt8(ascii: ":")) }
            writeHexadecimal(group(index))
            index += 1
        }
    }

    private mutating func writeHexadecimal(_ group: UInt16) {
        var shift = (15 - (group | 1).leadingZeroBitCount) & ~3
        while shift >= 0 {
            write(UInt8(truncatingIfNeeded: group >> UInt16(shift)).hexDigit)
            shift -= 4
        }
    }
}
