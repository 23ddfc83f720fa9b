import CraneSystem

/// What a field or a parameter says about itself in JSON Schema beside its schema.
public struct FieldNotes: Sendable {
    /// The name in JSON, of which the title is made where there is none.
    public let name: String
    public let title: String?
    public let description: String?

    public init(name: String, title: String? = nil, description: String? = nil) {
        self.name = name
        self.title = title
        self.description = description
    }

    /// The same under another name.
    @usableFromInline
    func named(_ name: String) -> FieldNotes {
        FieldNotes(name: name, title: title, description: description)
    }

    /// A JSON Schema with title, description and default added, as pydantic does it.
    public func annotate(_ schema: JSONValue, default fallback: JSONValue? = nil) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        if let title {
            members.append(.init("title", .string(title)))
        } else if !Self.isReference(schema) {
            members.append(.init("title", .string(Self.title(of: name))))
        }
        if let description { members.append(.init("description", .string(description))) }
        // FastAPI leaves members that are null out of its documents.
        if let fallback, !fallback.isNull { members.append(.init("default", fallback)) }
        return .object(members)
    }

    /// Whether a schema only points to a named one, or to that or null: those have titles of their own.
    private static func isReference(_ schema: JSONValue) -> Bool {
        if schema["$ref"] != nil { return true }
        guard case .array(let choices) = schema["anyOf"], let first = choices.first else { return false }
        return first["$ref"] != nil
    }

    /// `talk_id` as `Talk Id`: Python's `str.title` with blanks for underscores, and none at the ends.
    public static func title(of name: String) -> String {
        String(words(of: name).withoutWhiteSpace)
    }

    /// The same with the blanks that stand for underscores at the ends.
    package static func words(of name: String) -> String {
        var words = ""
        var afterLetter = false
        // A letter may be a character of several code points, but the names of most are ASCII.
        if name.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in name.utf8 {
                let isLetter = byte.loweredASCII &- UInt8(ascii: "a") < 26
                let cased = isLetter ? (afterLetter ? byte.loweredASCII : byte & ~0x20) : byte
                words.unicodeScalars.append(Unicode.Scalar(cased == UInt8(ascii: "_") ? 0x20 : cased))
                afterLetter = isLetter
            }
            return words
        }
        for character in name {
            words += afterLetter ? character.lowercased() : character.uppercased()
            afterLetter = character.isLetter
        }
        return String(words.map { $0 == "_" ? " " : $0 })
    }
}
