/// Tests on eight bytes at once, held in one word in memory order.
@usableFromInline
enum Bytes8 {
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
    @usableFromInline static let tops: UInt64 = 0x8080_8080_8080_8080

    @usableFromInline static let blanks = ones &* 0x20

    /// Top bits of the bytes that JSON strings must escape; bits above the first hit may be wrong.
    @inlinable
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let hits =
            ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- blanks) & ~word)
        return UInt64(littleEndian: hits & tops)
    }

    /// Whether a byte outside ASCII is among the eight.
    @inlinable
    @inline(__always)
    static func holdsNonASCII(_ word: UInt64) -> Bool {
        word & tops != 0
    }
}
