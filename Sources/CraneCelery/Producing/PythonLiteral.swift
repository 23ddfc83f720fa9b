import CraneSchema

/// JSON as Python would print its values, which is what Flower shows of a task's arguments.
enum PythonLiteral {
    /// Bytes of a text at most, as Celery itself cuts it.
    private static let longest = 1024

    /// A list as a tuple.
    static func tuple(_ json: [UInt8]) -> String {
        guard case .array(let elements)? = try? JSONValue.parse(json) else { return "()" }
        let texts = elements.map { text($0) }
        return cut(texts.count == 1 ? "(\(texts[0]),)" : "(\(texts.joined(separator: ", ")))")
    }

    static func text(_ json: [UInt8]) -> String {
        guard let value = try? JSONValue.parse(json) else { return "" }
        return cut(text(value))
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): String(number)
        case .bigInteger(let digits): digits
        case .number(let number): "\(number)"
        case .string(let text): quoted(text)
        case .brokenString: "'...'"
        case .array(let elements): "[\(elements.map { text($0) }.joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(quoted($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "'"
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(text.prefix(longest / 4)) + "..."
    }
}
