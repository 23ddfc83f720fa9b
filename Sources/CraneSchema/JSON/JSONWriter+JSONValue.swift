import CraneSystem

extension JSONWriter {
    /// Appends a whole tree; recursion is bounded by the depth that the reader allowed.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .bigInteger(let digits): plain(digits)
        case .number(let value): double(value)
        case .string(let value): string(value)
        case .brokenString(let bytes): brokenString(bytes)
        case .array(let elements):
            byte(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                self.value(element)
            }
            byte(UInt8(ascii: "]"))
        case .object(let members):
            byte(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                string(member.key)
                byte(UInt8(ascii: ":"))
                self.value(member.value)
            }
            byte(UInt8(ascii: "}"))
        }
    }

    /// Appends a string with lone surrogates, those as `\udXXX`, so that the output stays valid UTF-8.
    mutating func brokenString(_ wtf8: [UInt8]) {
        byte(0x22)
        var index = 0
        while index < wtf8.count {
            let value = wtf8[index]
            if value == 0xED, index + 2 < wtf8.count, wtf8[index + 1] >= 0xA0 {
                // ED A0 80 to ED BF BF are the surrogates U+D800 to U+DFFF.
                raw("\\ud")
                byte((8 + (wtf8[index + 1] & 0x1F) >> 2).hexDigit)
                byte(((wtf8[index + 1] & 3) << 2 | (wtf8[index + 2] & 0x3F) >> 4).hexDigit)
                byte(wtf8[index + 2].hexDigit)
                index += 3
            } else {
                if value < 0x20 || value == 0x22 || value == 0x5C { escape(value) } else { byte(value) }
                index += 1
            }
        }
        byte(0x22)
    }
}

extension JSONValue {
    /// This value as compact JSON.
    public var json: String {
        var writer = JSONWriter()
        writer.value(self)
        return writer.text
    }
}
