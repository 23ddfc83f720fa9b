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

extension UnsafeRawBufferPointer {
    /// The bytes without the spaces and tabs around them.
    @inlinable
    package var withoutBlanks: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, unsafe self[start].isBlank { start &+= 1 }
        while end > start, unsafe self[end &- 1].isBlank { end &-= 1 }
        return unsafe UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Whether the bytes, put in lower case, are `lowered`.
    @inlinable
    package func equals(lowered: UnsafeRawBufferPointer) -> Bool {
        guard count == lowered.count else { return false }
        var index = 0
        while index < count {
            if unsafe self[index].loweredASCII != lowered[index] { return false }
            index &+= 1
        }
        return true
    }

    /// The same for a text.
    @inlinable
    package func equals(lowered: String.UTF8View) -> Bool {
        // Only a string that another language made is not contiguous.
        unsafe lowered.withContiguousStorageIfAvailable { unsafe equals(lowered: UnsafeRawBufferPointer($0)) }
            ?? elementsEqual(lowered) { $0.loweredASCII == $1 }
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
}
