extension JSONReader {
    /// Reads a whole number without fraction or exponent that fits 64 bits.
    @inlinable
    public mutating func integer() throws(JSONFallback) -> Int {
        var value = next()
        let negative = value == UInt8(ascii: "-")
        if negative {
            index &+= 1
            value = index < end ? at(index) : 0
        }
        let start = index
        var magnitude = 0
        while value &- 0x30 < 10 {
            magnitude = magnitude &* 10 &+ Int(value &- 0x30)
            index &+= 1
            value = index < end ? at(index) : 0
        }
        let length = index &- start
        // Eighteen digits cannot overflow; longer numbers, leading zeros and fractions are left to the parser.
        guard length > 0, length <= 18, length == 1 || at(start) != 0x30, value != UInt8(ascii: "."),
            value | 0x20 != UInt8(ascii: "e")
        else { throw JSONFallback() }
        return negative ? 0 &- magnitude : magnitude
    }

    /// Reads `true` or `false`.
    @inlinable
    public mutating func bool() throws(JSONFallback) -> Bool {
        if next() == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    /// Takes `null` where it stands next.
    @inlinable
    public mutating func takesNull() throws(JSONFallback) -> Bool {
        guard next() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    @usableFromInline
    mutating func word(_ text: StaticString) throws(JSONFallback) {
        let length = text.utf8CodeUnitCount
        guard end - index >= length else { throw JSONFallback() }
        // Within a literal of that length, which lives as long as the program.
        for offset in 0..<length where unsafe text.utf8Start[offset] != at(index + offset) {
            throw JSONFallback()
        }
        index += length
    }

    /// Reads a number with or without fraction and exponent; the nearest `Double`.
    public mutating func double() throws(JSONFallback) -> Double {
        _ = next()
        let start = index
        try skipNumber()
        let digits = unsafe UnsafeBufferPointer(start: base + start, count: index - start)
        guard let value = unsafe Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
            throw JSONFallback()
        }
        // Python reads `-0` as the whole number 0, and so without a sign.
        return index - start == 2 && value == 0 ? 0 : value
    }

    /// Moves past a number of RFC 8259 section 6.
    mutating func skipNumber() throws(JSONFallback) {
        if index < end, at(index) == UInt8(ascii: "-") { index += 1 }
        let start = index
        let whole = skipDigits()
        // Python refuses whole numbers of more than 4300 digits: the parser decides.
        guard whole > 0, whole < 4300, whole == 1 || at(start) != 0x30 else { throw JSONFallback() }
        if index < end, at(index) == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() > 0 else { throw JSONFallback() }
        }
        if index < end, at(index) | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < end, at(index) == UInt8(ascii: "+") || at(index) == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() > 0 else { throw JSONFallback() }
        }
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < end, at(index) &- 0x30 < 10 { index += 1 }
        return index - start
    }
}
