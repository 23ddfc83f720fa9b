/// Tests on eight bytes at once, held in one word in memory order.
@usableFromInline
enum Bytes8 {
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
    @usableFromInline static let tops: UInt64 = 0x8080_8080_8080_8080

    @usableFromInline static let blanks = ones &* 0x20

    /// Top bits of the bytes that JSON strings must escape; bits above the first hit may be wrong.
    ///
    /// A byte outside ASCII is none of them: its top bit stands in all three differences.
    @inlinable
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let hits = (quote &- ones) | (slash &- ones) | (word &- blanks)
        return UInt64(littleEndian: hits & ~word & tops)
    }

    /// Whether a byte of two words must be escaped.
    @inlinable
    @inline(__always)
    static func holdsEscapes(_ words: SIMD2<UInt64>) -> Bool {
        let hits =
            ((words ^ SIMD2(repeating: ones &* 0x22)) &- SIMD2(repeating: ones))
            | ((words ^ SIMD2(repeating: ones &* 0x5C)) &- SIMD2(repeating: ones))
            | (words &- SIMD2(repeating: blanks))
        let found = hits & ~words & SIMD2(repeating: tops)
        return found[0] | found[1] != 0
    }

    /// Whether a byte outside ASCII is among the eight.
    @inlinable
    @inline(__always)
    static func holdsNonASCII(_ word: UInt64) -> Bool {
        word & tops != 0
    }
}
