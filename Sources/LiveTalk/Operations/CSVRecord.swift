/// One record of RFC 4180: fields between commas, those in quotes with every quote in them doubled.
enum CSVRecord {
    /// The fields; `nil` when a quote stands where none may.
    static func fields(_ record: ArraySlice<UInt8>) -> [String]? {
        let quote = UInt8(ascii: "\"")
        let comma = UInt8(ascii: ",")
        var fields: [String] = []
        var rest = record
        while true {
            var field: [UInt8] = []
            if rest.first == quote {
                rest = rest.dropFirst()
                while let end = rest.firstIndex(of: quote) {
                    field += rest[..<end]
                    rest = rest[(end + 1)...]
                    guard rest.first == quote else { break }
                    field.append(quote)
                    rest = rest.dropFirst()
                    if !rest.contains(quote) { return nil }
                }
                guard rest.isEmpty || rest.first == comma else { return nil }
            } else {
                let end = rest.firstIndex(of: comma) ?? rest.endIndex
                field = Array(rest[..<end])
                if field.contains(quote) { return nil }
                rest = rest[end...]
            }
            guard let text = String(validating: field, as: UTF8.self) else { return nil }
            fields.append(text)
            if rest.isEmpty { return fields }
            rest = rest.dropFirst()
        }
    }

    /// Appends a field, in quotes where it needs them.
    static func append(_ field: String, to bytes: inout [UInt8]) {
        guard field.utf8.contains(where: isSpecial) else {
            bytes += field.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A text that a spreadsheet takes for what it is: what begins as a formula has an apostrophe before it, and so has what begins
    /// with apostrophes before that, by which `unguarded` knows its own.
    static func guarded(_ text: String) -> String { isFormula(text) ? "'" + text : text }

    /// The text that was guarded.
    static func unguarded(_ text: String) -> String {
        text.utf8.first == UInt8(ascii: "'") && isFormula(text)
            ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Whether a spreadsheet would calculate a text, or what stands behind apostrophes.
    ///
    /// These are OWASP's characters (Cheat Sheet Series, CSV injection).
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first(where: { $0 != "'" }) else { return false }
        return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }
}
