import CraneSystem

/// Classes of bytes of RFC 9110 and RFC 3986, each as a set of 128 bits: no table to load, no initialiser to run.
struct ByteClass {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 64 == 0 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 != 0
    }

    /// `tchar` (RFC 9110, section 5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
    @inline(__always)
    static var token: ByteClass { ByteClass(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// Visible ASCII apart from `#`, `%` and `?`: what needs no attention in a path.
    @inline(__always)
    static var path: ByteClass { ByteClass(low: 0x7FFF_FFD6_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF) }

    /// Visible ASCII apart from `#`: what may stand in a query.
    @inline(__always)
    static var query: ByteClass { ByteClass(low: 0xFFFF_FFF6_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF) }

    /// `unreserved` and `sub-delims` (RFC 3986, section 2): what a registered name is made of; without the comma, which no
    /// name has and joined Host lines would show.
    @inline(__always)
    static var registeredName: ByteClass {
        ByteClass(low: 0x2BFF_6FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }
}

/// Whether `byte` is an ASCII digit.
@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

/// The offset of the first byte from `position` on that needs attention in a request target, one of neither `ByteClass.path` nor, in a
/// query, `ByteClass.query`; `stop` if there is none.
@inline(__always)
func endOfTargetBytes(
    _ base: UnsafeRawPointer, from position: Int, to stop: Int, isQuery: Bool
) -> Int {
    var index = position
    // Eight bytes at once, as below.
    while index &+ 8 <= stop {
        let word = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        var found = (word &- 0x2121_2121_2121_2121) & ~word | word
        found |= bytes(of: word, equalTo: 0x7F) | bytes(of: word, equalTo: UInt8(ascii: "#"))
        if !isQuery {
            found |= bytes(of: word, equalTo: UInt8(ascii: "%"))
            found |= bytes(of: word, equalTo: UInt8(ascii: "?"))
        }
        found &= 0x8080_8080_8080_8080
        if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
        index &+= 8
    }
    let plain = isQuery ? ByteClass.query : ByteClass.path
    while index < stop, unsafe plain.contains(base.load(fromByteOffset: index, as: UInt8.self)) {
        index &+= 1
    }
    return index
}

/// The offset of the first byte from `position` on that is no `tchar`; `stop` if there is none.
@inline(__always)
func endOfToken(_ base: UnsafeRawPointer, from position: Int, to stop: Int) -> Int {
    var index = position
    // Eight letters and hyphens at once, which most names have nothing else of: the top bit of each other byte is set, exactly.
    while index &+ 8 <= stop {
        let word = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let low = (word | 0x2020_2020_2020_2020) & 0x7F7F_7F7F_7F7F_7F7F
        let letters = (low &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(low &+ 0x0505_0505_0505_0505)
        let hyphen = word ^ 0x2D2D_2D2D_2D2D_2D2D
        let others = ((hyphen & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | hyphen
        let found = (~letters & others | word) & 0x8080_8080_8080_8080
        if found != 0 {
            index &+= found.trailingZeroBitCount &>> 3
            break
        }
        index &+= 8
    }
    while index < stop, unsafe ByteClass.token.contains(base.load(fromByteOffset: index, as: UInt8.self)) {
        index &+= 1
    }
    return index
}

/// The top bit of each byte that is `byte`; above the first, others may have theirs set too.
@inline(__always)
private func bytes(of word: UInt64, equalTo byte: UInt8) -> UInt64 {
    let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    return (difference &- 0x0101_0101_0101_0101) & ~difference
}

/// The offset of the first byte from `position` on that may not stand in a field value (RFC 9110, section 5.5):
/// a control byte other than a tab; `stop` if there is none.
@inline(__always)
func endOfFieldValue(_ base: UnsafeRawPointer, from position: Int, to stop: Int) -> Int {
    var index = position
    while true {
        // Eight bytes at once: the top bit of each byte below 0x20, or equal to 0x7F, ends up set; the lowest such
        // bit is exact, a borrow can only set bits above it.
        while index &+ 8 <= stop {
            let word = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let found = (below | bytes(of: word, equalTo: 0x7F)) & 0x8080_8080_8080_8080
            if found != 0 {
                index &+= found.trailingZeroBitCount &>> 3
                break
            }
            index &+= 8
        }
        while index < stop {
            let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
            if byte < 0x20 || byte == 0x7F { break }
            index &+= 1
        }
        guard index < stop, unsafe base.load(fromByteOffset: index, as: UInt8.self) == 9 else { return index }
        index &+= 1
    }
}

/// Whether the `count` bytes at `bytes`, in whichever case, are `lowercased`; exact for bytes that make up a token.
@inline(__always)
func matches(_ bytes: UnsafeRawPointer, _ count: Int, _ lowercased: StaticString) -> Bool {
    guard count == lowercased.utf8CodeUnitCount else { return false }
    var index = 0
    while index < count {
        let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
        let other = unsafe lowercased.utf8Start[index]
        if byte.loweredASCII != other { return false }
        index &+= 1
    }
    return true
}
