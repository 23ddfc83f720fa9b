import HTTPTypes

/// What OpenAPI calls a route: made of its name as FastAPI makes it of the function's, or of method and path.
struct OperationNames {
    let id: String
    let summary: String

    init(_ route: Registration, _ operation: Operation) {
        let method = route.method.rawValue.lowercased()
        let path = OpenAPIDocument.path(route.path)
        let name = operation.name ?? OperationNames.name(method, path)
        id = operation.id ?? OperationNames.word((operation.name ?? "") + path) + "_" + method
        summary = operation.summary ?? SchemaNotes.title(of: name)
    }

    /// Every character that is no letter, digit or underscore as an underscore.
    private static func word(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    /// `get_comments_comment_id` of `GET /comments/{comment_id}`.
    private static func name(_ method: String, _ path: String) -> String {
        ([method] + word(path).split(separator: "_").map(String.init)).joined(separator: "_")
    }
}
