import CraneSchema
import HTTPTypes

/// What OpenAPI calls a route: made of its name as FastAPI makes it of the function's, or of method and path.
struct OperationNames {
    private(set) var id: String
    let summary: String

    private init(_ route: Registration, _ operation: Operation) {
        let method = route.method.rawValue.lowercased()
        let path = OpenAPIDocument.path(route.path)
        let name = operation.name ?? OperationNames.name(method, path)
        id = operation.id ?? OperationNames.id(operation.name, path) + "_" + method
        summary = operation.summary ?? FieldNotes.words(of: name)
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

    /// The names of documented routes, `nil` for others; ids that clash without being anyone's wish are numbered.
    static func all(_ routes: [Registration]) -> [OperationNames?] {
        var taken = Set(routes.compactMap { $0.operation?.isDocumented == true ? $0.operation?.id : nil })
        return routes.map { route in
            guard let operation = route.operation, operation.isDocumented else { return nil }
            var names = OperationNames(route, operation)
            guard operation.id == nil else { return names }
            let id = names.id
            var number = 1
            while !taken.insert(names.id).inserted {
                number += 1
                names.id = "\(id)_\(number)"
            }
            return names
        }
    }

    /// Throws where two documented routes name one operation id: clients are generated from it.
    static func check(_ routes: [Registration]) throws(RegistrationError) {
        var known: [String: Registration] = [:]
        for route in routes {
            guard let operation = route.operation, operation.isDocumented, let id = operation.id else {
                continue
            }
            if let twin = known.updateValue(route, forKey: id) {
                throw RegistrationError(
                    route: route.name, reason: "has the operation id \(id) of \(twin.name)")
            }
        }
    }
}
