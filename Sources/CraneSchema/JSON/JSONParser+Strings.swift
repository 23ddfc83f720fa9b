import CraneSystem

extension JSONParser {
    /// A string in CPython's `scanstring`, quirks of the reported offsets included.
    mutating func string() throws(Failure) -> JSONValue {
        let quote = index
        index += 1
        var content: [UInt8] = []
        while true {
            let start = index
            while index < end {
                let value = byte(index)
                if value == 0x22 || value == 0x5C { break }
                guard value >= 0x20 else { throw .syntax("Invalid control character at", at: index) }
                index += 1
            }
            guard index < end else { throw .syntax("Unterminated string starting at", at: quote) }
            content += text.extracting(start..<index).array
            index += 1
            if byte(index - 1) == 0x22 { break }
            guard index < end else { throw .syntax("Unterminated string starting at", at: quote) }
            if byte(index) == UInt8(ascii: "u") {
                try appendUnicodeEscape(&content)
            } else {
                guard let plain = JSONEscape.plain(byte(index)) else {
                    throw .syntax("Invalid \\escape", at: index - 1)
                }
                content.append(plain)
                index += 1
            }
        }
        if let string = String(validating: content, as: UTF8.self) { return .string(string) }
        return .brokenString(content)
    }

    /// `\uXXXX`, the cursor on the `u`; two halves of a pair become one character, a lone half is kept as it is.
    private mutating func appendUnicodeEscape(_ content: inout [UInt8]) throws(Failure) {
        var unit = try hexUnit()
        // CPython looks for the second half only where six characters and one more are left.
        if unit & 0xFC00 == 0xD800, charactersAreLeft(7), byte(index) == 0x5C,
            byte(index + 1) == UInt8(ascii: "u")
        {
            let mark = index
            index += 1
            let second = try hexUnit()
            if second & 0xFC00 == 0xDC00 {
                unit = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
            } else {
                index = mark
            }
        }
        appendWTF8(unit, &content)
    }

    /// Four hexadecimal digits after the `u` under the cursor; CPython wants one more character after them.
    private mutating func hexUnit() throws(Failure) -> UInt32 {
        guard charactersAreLeft(6) else { throw .syntax("Invalid \\uXXXX escape", at: index) }
        var unit: UInt32 = 0
        for offset in 1...4 {
            guard let digit = byte(index + offset).hexValue else {
                throw .syntax("Invalid \\uXXXX escape", at: index)
            }
            unit = unit << 4 | UInt32(digit)
        }
        index += 5
        return unit
    }

    /// Whether so many code points are left from the cursor on.
    private func charactersAreLeft(_ wanted: Int) -> Bool {
        var left = wanted
        var offset = index
        while left > 0 {
            guard offset < end else { return false }
            offset += 1
            while byte(offset) & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return true
    }

    private func appendWTF8(_ unit: UInt32, _ content: inout [UInt8]) {
        TextDecoding.append(unit, to: &content)
    }
}
