/// A header field's value with parameters, `form-data; name="a"; filename="b.txt"` (RFC 9110, section 5.6.6).
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private var parameters: [(name: String, value: String)] = []

    init(_ field: String) {
        var parts = HeaderParameters.split(field)[...]
        value = HeaderParameters.trimmed(parts.removeFirst()).lowercased()
        for part in parts {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = HeaderParameters.trimmed(part[..<equals]).lowercased()
            let text = HeaderParameters.trimmed(part[part.index(after: equals)...])
            // RFC 7578, section 4.2, forbids the extended form in forms.
            if !name.contains("*") { parameters.append((name, HeaderParameters.unquoted(text))) }
        }
    }

    /// The last parameter of that name.
    subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }

    /// Cuts at semicolons outside quotes.
    private static func split(_ field: String) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return field.split(omittingEmptySubsequences: false) { character in
            defer { isEscaped = isQuoted && character == "\\" && !isEscaped }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// Browsers escape the quote as `%22` and the backslash not at all, others both with a backslash.
    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        var result = ""
        var rest = text.dropFirst().dropLast()
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                result.append(next)
                rest.removeFirst()
            } else {
                result.append(character)
            }
        }
        return result
    }
}
