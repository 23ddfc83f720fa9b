import CraneHTTP
import CraneSystem

/// The `Cookie` field, read as browsers and Starlette do rather than by the letter (RFC 6265, section 5.4).
enum CookieField {
    /// The value of the last cookie of that name, without its quotes; a chunk without `=` is a value without a name.
    static func value(of name: String, in field: String) -> String? {
        var found: Substring?
        for chunk in field.pieces(at: ";") {
            let parts = chunk.halves(at: "=") ?? (Substring(), chunk)
            let key = parts.before.withoutBlanks
            let value = parts.behind.withoutBlanks
            if key.isSpelt(name), !(key.isEmpty && value.isEmpty) { found = value }
        }
        return found.map(unquoted)
    }

    /// A value in quotes loses them and its backslashes, as Python's `http.cookies` does it: `\"` and octal `\073`.
    private static func unquoted(_ value: Substring) -> String {
        guard let inside = value.withinQuotes else { return String(value) }
        var rest = Array(inside.utf8)[...]
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
