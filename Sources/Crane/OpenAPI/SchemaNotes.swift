import Schema

/// What FastAPI adds to the schema of a parameter, a body or an answer.
enum SchemaNotes {
    /// The schema with title, description and default; one that only refers to another has no title of its own.
    static func annotated(
        _ schema: JSONValue, name: String, title: String?, description: String?, fallback: [UInt8]?
    ) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        if let fallback, let value = try? JSONValue.parse(fallback), !value.isNull {
            members.append(.init("default", value))
        }
        // Nothing at all is said of what may be anything.
        let isSilent = members.isEmpty || isReference(schema)
        if let title = title ?? (isSilent ? nil : self.title(of: name)) {
            members.append(.init("title", .string(title)))
        }
        if let description { members.append(.init("description", .string(description))) }
        return .object(members)
    }

    /// Whether a schema only points to a named one, or to that or null.
    private static func isReference(_ schema: JSONValue) -> Bool {
        if schema["$ref"] != nil { return true }
        guard case .array(let choices) = schema["anyOf"], let first = choices.first else { return false }
        return first["$ref"] != nil
    }

    /// `talk_id` as `Talk Id`: Python's `str.title` with blanks for underscores.
    static func title(of name: String) -> String {
        var title = ""
        var afterLetter = false
        for character in name {
            title += afterLetter ? character.lowercased() : character.uppercased()
            afterLetter = character.isLetter
        }
        return String(title.map { $0 == "_" ? " " : $0 })
    }
}
