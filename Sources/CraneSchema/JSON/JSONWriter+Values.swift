import CraneSystem

extension JSONWriter {
    /// Appends `null`.
    @inlinable
    public mutating func null() {
        raw("null")
    }

    /// Appends `true` or `false`.
    @inlinable
    public mutating func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    /// Appends a whole number in decimal.
    @inlinable
    public mutating func integer<Number: FixedWidthInteger>(_ value: Number) {
        if let small = Int(exactly: value) {
            if small < 0 { byte(0x2D) }
            digits(UInt64(small.magnitude))
        } else if let large = UInt64(exactly: value) {
            digits(large)
        } else {
            plain(String(value))
        }
    }

    /// Appends a number as Python's `repr` spells it; NaN and the infinities, which JSON lacks, become `null`.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        if value.magnitude >= 0x1p53, value.magnitude < 1e16 {
            // Swift prints these with an exponent, Python starts that at 1e16; they are whole numbers.
            integer(Int(value))
            raw(".0")
        } else {
            plain(value.description)
        }
    }

    /// Appends a number of another width than `Double` in its shortest form; what JSON lacks becomes `null`.
    @usableFromInline
    mutating func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Number) {
        if value.isFinite { plain(value.description) } else { null() }
    }

    @usableFromInline
    mutating func digits(_ value: UInt64) {
        reserve(20)
        var length = 1
        var bound: UInt64 = 10
        while length < 20 && value >= bound {
            length += 1
            if length == 20 { break }
            bound &*= 10
        }
        var rest = value
        var index = count + length
        while index > count {
            index -= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            // `reserve(20)` covers the longest 64-bit number.
            unsafe base[index] = 0x30 &+ UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        setCount(count + length)
    }

    /// Appends text that needs no escaping.
    @usableFromInline
    mutating func plain(_ value: String) {
        var value = value
        value.withUTF8 { unsafe raw(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a quoted string; only `"`, `\` and the controls below U+0020 are escaped (RFC 8259 section 7).
    @inlinable
    public mutating func string(_ value: String) {
        var value = value
        _ = value.withUTF8 { unsafe string(utf8: $0) }
    }

    /// Appends a quoted string given as UTF-8; bytes that are not become U+FFFD.
    public mutating func string(_ utf8: Span<UInt8>) {
        let start = count
        let isASCII = unsafe utf8.withUnsafeBufferPointer { unsafe string(utf8: $0) }
        if isASCII || UTF8Check.isValid(utf8) { return }
        setCount(start)
        string(utf8.text)
    }

    /// Appends a quoted string given as valid UTF-8, and says whether all of it is ASCII.
    @usableFromInline
    mutating func string(utf8 source: UnsafeBufferPointer<UInt8>) -> Bool {
        // Eight spare bytes let the copies below store whole words.
        reserve(source.count + 10)
        unsafe base[count] = 0x22
        setCount(count + 1)
        var index = 0
        var seen: UInt64 = 0
        while index < source.count {
            let clean = unsafe copyPlain(source, from: index, &seen)
            index += clean
            if index == source.count { break }
            let value = unsafe source[index]
            index += 1
            escape(value)
            reserve(source.count - index + 10)
        }
        byte(0x22)
        return !Bytes8.holdsNonASCII(seen)
    }

    /// Copies bytes up to the first one that must be escaped, and gives their number; `seen` gathers their bits.
    ///
    /// There must be room for what is left of the source and eight bytes more.
    @inline(__always)
    private mutating func copyPlain(
        _ source: UnsafeBufferPointer<UInt8>, from first: Int, _ seen: inout UInt64
    ) -> Int {
        guard let start = source.baseAddress else { return 0 }
        var index = first
        let out = unsafe UnsafeMutableRawPointer(base + count)
        // Sixteen at a time as long as none of them is to be escaped.
        var gathered = SIMD2<UInt64>()
        while source.count - index >= 16 {
            // So many bytes are left of the source, and as many are reserved.
            let words = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: SIMD2<UInt64>.self)
            if Bytes8.holdsEscapes(words) { break }
            unsafe out.storeBytes(of: words, toByteOffset: index - first, as: SIMD2<UInt64>.self)
            gathered |= words
            index += 16
        }
        seen |= gathered[0] | gathered[1]
        while index < source.count {
            let left = source.count - index
            var word: UInt64
            if left >= 8 {
                word = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
            } else {
                // The last bytes, blanks after them.
                word = UInt64(littleEndian: Bytes8.blanks &<< UInt64(8 * left))
                if source.count >= 8 {
                    let end = unsafe UnsafeRawPointer(start + source.count - 8).loadUnaligned(as: UInt64.self)
                    word |= UInt64(littleEndian: UInt64(littleEndian: end) &>> UInt64(64 - 8 * left))
                } else {
                    for offset in 0..<left {
                        word |= UInt64(
                            littleEndian: UInt64(unsafe source[index + offset]) &<< UInt64(8 * offset))
                    }
                }
            }
            // The caller has reserved these eight bytes.
            unsafe out.storeBytes(of: word, toByteOffset: index - first, as: UInt64.self)
            seen |= word
            let special = Bytes8.escapes(word)
            if special != 0 {
                index += UInt64(littleEndian: special).trailingZeroBitCount >> 3
                break
            }
            index += min(left, 8)
        }
        setCount(count + index - first)
        return index - first
    }

    mutating func escape(_ value: UInt8) {
        byte(0x5C)
        switch value {
        case 0x22, 0x5C: byte(value)
        case 0x08: byte(UInt8(ascii: "b"))
        case 0x09: byte(UInt8(ascii: "t"))
        case 0x0A: byte(UInt8(ascii: "n"))
        case 0x0C: byte(UInt8(ascii: "f"))
        case 0x0D: byte(UInt8(ascii: "r"))
        default:
            raw("u00")
            byte(0x30 + value >> 4)
            byte(value.hexDigit)
        }
    }
}

extension JSONWriter {
    /// A string with its quotes and escapes, as bytes.
    @usableFromInline
    static func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter(capacity: text.utf8.count + 8)
        writer.string(text)
        return writer.bytes
    }
}
