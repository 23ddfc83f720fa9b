import CraneHTTP
import CraneSystem

/// A header field's value with parameters, `form-data; name="a"; filename="b.txt"` (RFC 9110, section 5.6.6).
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private var parameters: [(name: String, value: String)] = []

    init(_ field: String) {
        var parts = HeaderParameters.split(field)[...]
        value = parts.removeFirst().withoutBlanks.loweredASCII
        for part in parts {
            guard let (name, text) = part.halves(at: "=") else { continue }
            // RFC 7578, section 4.2, forbids the extended form in forms.
            if name.holds(UInt8(ascii: "*")) { continue }
            parameters.append(
                (name.withoutBlanks.loweredASCII, HeaderParameters.unquoted(text.withoutBlanks)))
        }
    }

    /// The last parameter of that name.
    subscript(name: String) -> String? { parameters.last { $0.name.isSpelt(name) }?.value }

    /// Cuts at semicolons outside quotes.
    private static func split(_ field: String) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        let parts = field.utf8.split(omittingEmptySubsequences: false) { byte in
            defer { isEscaped = isQuoted && byte == UInt8(ascii: "\\") && !isEscaped }
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            return byte == UInt8(ascii: ";") && !isQuoted
        }
        return parts.map { field[$0.startIndex..<$0.endIndex] }
    }

    /// Browsers escape the quote as `%22` and the backslash not at all, others both with a backslash.
    private static func unquoted(_ text: Substring) -> String {
        guard let inside = text.withinQuotes else { return String(text) }
        var bytes: [UInt8] = []
        var rest = inside.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                bytes.append(next)
                rest.removeFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
