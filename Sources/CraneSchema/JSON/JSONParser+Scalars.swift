import CraneSystem

extension JSONParser {
    /// A string, literal or number; the order of the tests is CPython's.
    mutating func scalar() throws(Failure) -> JSONValue {
        switch byte(index) {
        case 0x22: return try string()
        case UInt8(ascii: "n") where takes("null"): return .null
        case UInt8(ascii: "t") where takes("true"): return .bool(true)
        case UInt8(ascii: "f") where takes("false"): return .bool(false)
        case UInt8(ascii: "N") where takes("NaN"): return .number(.nan)
        case UInt8(ascii: "I") where takes("Infinity"): return .number(.infinity)
        case UInt8(ascii: "-") where takes("-Infinity"): return .number(-.infinity)
        default: return try number()
        }
    }

    private mutating func takes(_ word: String) -> Bool {
        var offset = index
        for unit in word.utf8 {
            guard byte(offset) == unit else { return false }
            offset += 1
        }
        index = offset
        return true
    }

    /// A number; a dot or an exponent without digits after it is not part of it, as in CPython's `_match_number`.
    private mutating func number() throws(Failure) -> JSONValue {
        let start = index
        var cursor = index
        if byte(cursor) == UInt8(ascii: "-") { cursor += 1 }
        let digits = cursor
        if byte(cursor) == 0x30 { cursor += 1 } else { cursor = pastDigits(cursor) }
        guard cursor > digits else { throw .syntax("Expecting value", at: start) }
        let wholeEnd = cursor
        if byte(cursor) == UInt8(ascii: "."), isDigit(cursor + 1) { cursor = pastDigits(cursor + 1) }
        if byte(cursor) | 0x20 == UInt8(ascii: "e") {
            var exponent = cursor + 1
            if byte(exponent) == UInt8(ascii: "+") || byte(exponent) == UInt8(ascii: "-") { exponent += 1 }
            if isDigit(exponent) { cursor = pastDigits(exponent) }
        }
        index = cursor
        let spelling = text.extracting(start..<cursor).text
        if cursor > wholeEnd { return .number(Double(spelling) ?? .nan) }
        if let small = Int(spelling) { return .integer(small) }
        // Python's int() refuses longer decimal text with a plain ValueError, which FastAPI answers with 400.
        guard wholeEnd - digits <= 4300 else { throw .limit(.integerLength) }
        return .bigInteger(spelling)
    }

    private func isDigit(_ offset: Int) -> Bool {
        byte(offset) &- 0x30 < 10
    }

    private func pastDigits(_ offset: Int) -> Int {
        var offset = offset
        while isDigit(offset) { offset += 1 }
        return offset
    }
}
