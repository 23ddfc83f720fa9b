import HTTPTypes

/// What OpenAPI calls a route: made of its name as FastAPI makes it of the function's, or of method and path.
struct OperationNames {
    let id: String
    let summary: String

    init(_ route: Registration, _ operation: Operation) {
        let method = route.method.rawValue.lowercased()
        let path = OpenAPIDocument.path(route.path)
        let name = operation.name ?? OperationNames.name(method, path)
        id = operation.id ?? OperationNames.id(operation.name, path) + "_" + method
        summary = operation.summary ?? SchemaNotes.title(of: name)
    }

    /// FastAPI's, but that a route without a name has only its path.
    private static func id(_ name: String?, _ path: String) -> String {
        if let name { return word(name + path) }
        let words = word(path).drop { $0 == "_" }
        return words.isEmpty ? "root" : String(words)
    }

    /// Every character that is no letter, digit or underscore as an underscore.
    private static func word(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    /// `get_comments_comment_id` of `GET /comments/{comment_id}`.
    private static func name(_ method: String, _ path: String) -> String {
        ([method] + word(path).split(separator: "_").map(String.init)).joined(separator: "_")
    }

    /// Throws where two documented routes have one operation id: clients are generated from it.
    static func check(_ routes: [Registration]) throws(RegistrationError) {
        var known: [String: Registration] = [:]
        for route in routes {
            guard let operation = route.operation, operation.isDocumented else { continue }
            let id = OperationNames(route, operation).id
            if let twin = known.updateValue(route, forKey: id) {
                throw RegistrationError(
                    route: "\(route.method) \(route.path)",
                    reason: "has the operation id \(id) of \(twin.method) \(twin.path)")
            }
        }
    }
}
