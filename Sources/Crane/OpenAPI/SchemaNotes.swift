import CraneSchema

/// What FastAPI adds to the schema of a parameter, a body or a response.
enum SchemaNotes {
    /// The schema with title, description and default; one that only refers to another has no title of its own.
    static func annotated(
        _ schema: JSONValue, name: String, title: String?, description: String?, fallback: JSONValue?
    ) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        if let fallback, !fallback.isNull {
            members.append(.init("default", fallback))
        }
        if let title = title ?? (schema["$ref"] == nil ? FieldNotes.words(of: name) : nil) {
            members.append(.init("title", .string(title)))
        }
        if let description { members.append(.init("description", .string(description))) }
        return .object(members)
    }
}
