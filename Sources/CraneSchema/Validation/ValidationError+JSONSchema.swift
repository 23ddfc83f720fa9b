extension ValidationError {
    /// The schema of a 422 response under the names that FastAPI gives it: `HTTPValidationError` and `ValidationError`.
    public static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define("HTTPValidationError", of: ValidationError.self) { components in
            let issue = ValidationIssue.schema.jsonSchema(&components)
            return [
                "properties": ["detail": ["items": issue, "type": "array", "title": "Detail"]],
                "type": "object", "title": "HTTPValidationError",
            ]
        }
    }
}
