public import CraneHTTP
public import CraneSchema
public import HTTPTypes

/// A value as JSON with an entity tag, so that a client that has this very state is answered 304 without a body.
///
/// ```swift
/// app.get("/notes/{id}", Path("id", Int.self)) { id in
///     let note = try notes.read(id)
///     return Tagged(note, tag: "\(note.version)")
/// }
/// ```
/// A `GET` or a `HEAD` is held to its conditions (RFC 9110, section 13): 304 for an `If-None-Match` that names the tag, 412 for an
/// `If-Match` that does not. What answers a change only gets the field: the change has looked at
/// ``Preconditions/require(_:)`` before.
public struct Tagged<Value: SchemaRepresentable>: SynchronousResponseConvertible {
    public static var mediaType: String? { "application/json" }

    public static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue? {
        Value.schema.jsonSchema(&components)
    }

    /// What is sent.
    public let value: Value
    /// The entity tag, quotes included.
    public let tag: String
    private let headers: HTTPFields

    /// - Parameters:
    ///   - value: what is sent.
    ///   - tag: a text that is another one whenever the value is, such as its version; quotes are put around it where it has none.
    ///   - headers: fields beside the response's own, or in their place.
    public init(_ value: Value, tag: String, headers: HTTPFields = HTTPFields()) {
        self.value = value
        self.tag = Preconditions.quoted(tag)
        self.headers = headers
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> Response {
        if request.isGet || request.isHead {
            switch Preconditions(request).verdict(on: tag) {
            case .proceed: break
            case .notModified: return answered(Response(status: .notModified))
            case .failed: throw HTTPError(.preconditionFailed)
            }
        }
        return answered(.json(Value.schema.encode(value), status: status ?? .ok))
    }

    private func answered(_ response: Response) -> Response {
        var response = response
        response.headers[.eTag] = tag
        response.headers.replace(with: headers)
        return response
    }
}
