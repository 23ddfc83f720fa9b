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
        value.withUTF8 { unsafe string(utf8: $0) }
    }

    /// Appends a quoted string given as UTF-8.
    @usableFromInline
    mutating func string(utf8 source: UnsafeBufferPointer<UInt8>) {
        // Eight spare bytes let the copy below store whole words.
        reserve(source.count + 10)
        unsafe base[count] = 0x22
        var out = count + 1
        var index = 0
        let end = source.count
        while index < end {
            if index + 8 <= end, let start = source.baseAddress {
                // Bounds: eight source bytes remain, and every pending source byte plus eight is reserved.
                let word = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
                unsafe UnsafeMutableRawPointer(base + out).storeBytes(of: word, as: UInt64.self)
                let special = Bytes8.escapes(word)
                let clean = special == 0 ? 8 : UInt64(littleEndian: special).trailingZeroBitCount >> 3
                index += clean
                out += clean
                if special == 0 { continue }
            }
            let value = unsafe source[index]
            index += 1
            if value >= 0x20 && value != 0x22 && value != 0x5C {
                unsafe base[out] = value
                out += 1
                continue
            }
            setCount(out)
            escape(value)
            reserve(end - index + 10)
            out = count
        }
        unsafe base[out] = 0x22
        setCount(out + 1)
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
            byte(Bytes8.hexDigit(value & 15))
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
