extension ValidationError {
    /// The schema of a 422 response under the names that FastAPI gives it: `HTTPValidationError` and `ValidationError`.
    public static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define("HTTPValidationError", of: ValidationError.self) { components in
            let issue = components.define("ValidationError", of: ValidationIssue.self) { _ in
                [
                    "properties": [
                        "loc": [
                            "items": ["anyOf": [["type": "string"], ["type": "integer"]]],
                            "type": "array", "title": "Location",
                        ],
                        "msg": ["type": "string", "title": "Message"],
                        "type": ["type": "string", "title": "Error Type"],
                    ],
                    "type": "object", "required": ["loc", "msg", "type"], "title": "ValidationError",
                ]
            }
            return [
                "properties": ["detail": ["items": issue, "type": "array", "title": "Detail"]],
                "type": "object", "title": "HTTPValidationError",
            ]
        }
    }
}
