// What parsers ask of single bytes, millions of times a second: all of it is for inlining.
extension UInt8 {
    /// Whether the byte is a space or a tab (OWS: RFC 9110, section 5.6.3).
    @inlinable
    @inline(__always)
    package var isBlank: Bool { self == 32 || self == 9 }

    /// The byte, in lower case if it is an ASCII letter.
    @inlinable
    @inline(__always)
    package var loweredASCII: UInt8 {
        // Only letters fold: 0x40...0x5F would otherwise meet 0x60...0x7F.
        self &- 65 < 26 ? self | 0x20 : self
    }

    /// The value of a hexadecimal digit, either case; `nil` for any other byte.
    @inlinable
    @inline(__always)
    package var hexValue: UInt8? {
        switch self {
        case 48...57: self &- 48
        case 65...70: self &- 55
        case 97...102: self &- 87
        default: nil
        }
    }

    /// The hexadecimal digit, in lower case, of the byte's low four bits.
    @inlinable
    @inline(__always)
    package var hexDigit: UInt8 {
        let nibble = self & 15
        return nibble < 10 ? 48 &+ nibble : 87 &+ nibble
    }
}

// Bytes of the wire, looked at where they lie.
extension Span where Element == UInt8 {
    /// The bytes without the spaces and tabs around them.
    @inlinable
    package var withoutBlanks: Span<UInt8> {
        @_lifetime(copy self)
        get {
            var start = 0
            var end = count
            while start < end, self[start].isBlank { start &+= 1 }
            while end > start, self[end &- 1].isBlank { end &-= 1 }
            return extracting(start..<end)
        }
    }

    /// Whether the bytes, put in lower case, are `lowered`. Eight are looked at together, the last of them once more where fewer are left.
    @inlinable
    package func equals(lowered: Span<UInt8>) -> Bool {
        guard count == lowered.count else { return false }
        // Each load ends within the bytes by the tests before it.
        if count >= 8 {
            let bytes = unsafe self.bytes
            let lowered = unsafe lowered.bytes
            var index = 0
            while true {
                let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                let other = unsafe lowered.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                if !word.isCase(ofLowered: other) { return false }
                if index == count &- 8 { return true }
                index = Swift.min(index &+ 8, count &- 8)
            }
        }
        if count >= 4 {
            let (ends, others) = unsafe (bytes.ends, lowered.bytes.ends)
            return ends.isCase(ofLowered: others)
        }
        var index = 0
        while index < count {
            if self[index].loweredASCII != lowered[index] { return false }
            index &+= 1
        }
        return true
    }

    /// Whether the bytes begin with these.
    @inlinable
    package func begins(with start: Span<UInt8>) -> Bool {
        count >= start.count && extracting(first: start.count).isSpelt(start)
    }

    /// Whether both have the same bytes.
    @inlinable
    package func isSpelt(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index < count {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
    }

    /// Whether the bytes are those of the text.
    @inlinable
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        var index = 0
        while index < count {
            // A static string's bytes live as long as the program.
            if unsafe self[index] != text.utf8Start[index] { return false }
            index &+= 1
        }
        return true
    }

    @inlinable
    package var first: UInt8? { isEmpty ? nil : self[0] }

    @inlinable
    package var last: UInt8? { isEmpty ? nil : self[count &- 1] }

    /// Where the byte stands first, at `start` or behind it. Eight are looked at together.
    @inlinable
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Read as words, within their count.
        let bytes = unsafe self.bytes
        while index <= count &- 8 {
            // Each load ends within the bytes. Where the byte stands there is a zero, and the lowest bit that is left is of the first.
            let word = unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let differing = word ^ (ones &* UInt64(byte))
            let zeros = (differing &- ones) & ~differing & (ones &* 0x80)
            if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    package var text: String {
        // Copied into the string at once.
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A copy of the bytes.
    package var array: [UInt8] {
        // Copied at once.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}

extension RawSpan {
    /// The first four bytes and the last four, of four bytes at least.
    @unsafe
    @inlinable
    @inline(__always)
    var ends: UInt64 {
        let first = unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
        let last = unsafe unsafeLoadUnaligned(fromByteOffset: byteCount &- 4, as: UInt32.self)
        return UInt64(first) | UInt64(last) << 32
    }
}

extension UInt64 {
    /// Whether the eight bytes are those of `lowered`, or capital letters where it has small ones.
    @inlinable
    @inline(__always)
    func isCase(ofLowered lowered: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = self ^ lowered
        if difference & ~(ones &* 0x20) != 0 { return false }
        // The top bit of each byte of `lowered` that is one of a...z; those beyond ASCII do not carry into the next.
        let low = lowered & (ones &* 0x7F)
        let letters = (low &+ ones &* 0x1F) & ~(low &+ ones &* 0x05) & ~lowered
        return difference << 2 & ~letters == 0
    }
}
