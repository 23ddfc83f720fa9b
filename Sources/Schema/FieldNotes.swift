/// What a field says about itself in JSON Schema beyond its shape.
@usableFromInline
struct FieldNotes: Sendable {
    @usableFromInline let name: String
    @usableFromInline let title: String?
    @usableFromInline let summary: String?

    @usableFromInline
    init(name: String, title: String?, summary: String?) {
        self.name = name
        self.title = title
        self.summary = summary
    }

    /// The schema of the field's shape with title, description and default added, as pydantic does it.
    @usableFromInline
    func annotate(_ schema: JSONValue, fallback: JSONValue?) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        if let title {
            members.append(.init("title", .string(title)))
        } else if !Self.isReference(schema) {
            members.append(.init("title", .string(Self.title(of: name))))
        }
        if let summary { members.append(.init("description", .string(summary))) }
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

    /// `talk_id` as `Talk Id`: Python's `str.title` with blanks for underscores.
    @usableFromInline
    static func title(of name: String) -> String {
        var title = ""
        var afterLetter = false
        for character in name {
            title += afterLetter ? character.lowercased() : character.uppercased()
            afterLetter = character.isLetter
        }
        let spaced = title.map { $0 == "_" ? " " : $0 }
        return String(Blanks.trimmed(String(spaced)))
    }
}
