/// Says of text that comes in pieces whether it is UTF-8 (RFC 3629, section 4), at the first byte that cannot be.
package struct UTF8Validator: Sendable {
    /// Continuation bytes that the present character still needs.
    private var missing = 0
    /// What the next of them must lie between: the first excludes overlong forms, surrogates and what is past U+10FFFF.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    package init() {}

    /// Whether no character is left half.
    package var isComplete: Bool { missing == 0 }

    /// Takes the next piece; false as soon as a byte is wrong, after which the validator is of no more use.
    package mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        let count = bytes.count
        var index = 0
        while index < count {
            if missing == 0 {
                // ASCII, eight bytes at a time: the eight are within the piece.
                while index &+ 8 <= count,
                    unsafe start.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                        & 0x8080_8080_8080_8080 == 0
                { index &+= 8 }
                guard index < count else { return true }
            }
            let byte = unsafe start.load(fromByteOffset: index, as: UInt8.self)
            index &+= 1
            if missing > 0 {
                guard byte >= low, byte <= high else { return false }
                missing &-= 1
                low = 0x80
                high = 0xBF
            } else if byte >= 0x80 {
                guard begin(byte) else { return false }
            }
        }
        return true
    }

    private mutating func begin(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if lead == 0xE0 { low = 0xA0 } else if lead == 0xED { high = 0x9F }
        case 0xF0...0xF4:
            missing = 3
            if lead == 0xF0 { low = 0x90 } else if lead == 0xF4 { high = 0x8F }
        default: return false
        }
        return true
    }
}
