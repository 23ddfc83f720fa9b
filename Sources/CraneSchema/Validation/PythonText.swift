/// Values as Python prints them, for messages that quote them.
enum PythonText {
    /// `'a', 'b' or 'c'`.
    static func alternatives(_ texts: [String]) -> String { list(texts.map(repr)) }

    /// `1, 2 or 3`.
    static func list(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " or " + last
    }

    /// `repr` of a string: single quotes unless it holds one and no double quote.
    static func repr(_ text: String) -> String {
        let quote: Unicode.Scalar =
            text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result += isPrintable(scalar) ? String(scalar) : escape(scalar.value)
            }
        }
        return result + String(quote)
    }

    /// `str` of a JSON value as Python holds it.
    static func string(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return repr(value)
    }

    private static func repr(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .string(let text): repr(text)
        case .number(let value) where !value.isFinite: value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
        case .array(let elements): "[" + elements.map(repr).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { repr($0.key) + ": " + repr($0.value) }.joined(separator: ", ") + "}"
        default: value.json
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        let (mark, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + mark + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}
