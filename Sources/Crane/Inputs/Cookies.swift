/// The `Cookie` field, read as browsers and Starlette do rather than by the letter (RFC 6265, section 5.4).
enum Cookies {
    /// The value of the last cookie of that name, without its quotes; a chunk without `=` is a value without a name.
    static func value(of name: String, in field: String) -> String? {
        var found: Substring?
        for chunk in field.split(separator: ";") {
            let parts = chunk.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts.count == 2 ? trimmed(parts[0]) : Substring()
            let value = trimmed(parts[parts.count - 1])
            if key.isSpelt(name), !(key.isEmpty && value.isEmpty) { found = value }
        }
        return found.map(unquoted)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    /// A value in quotes loses them and its backslashes, as Python's `http.cookies` does it: `\"` and octal `\073`.
    private static func unquoted(_ value: Substring) -> String {
        guard value.utf8.count >= 2, value.first == "\"", value.last == "\"" else { return String(value) }
        var rest = Array(value.utf8.dropFirst().dropLast())[...]
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.first else {
                bytes.append(byte)
                continue
            }
            let octal = rest.prefix(3)
            if octal.count == 3, (48...51).contains(next), octal.allSatisfy({ (48...55).contains($0) }) {
                bytes.append(octal.reduce(0) { $0 << 3 | ($1 - 48) })
                rest = rest.dropFirst(3)
            } else {
                bytes.append(next)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
