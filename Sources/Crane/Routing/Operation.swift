import CraneSchema
import HTTPTypes

/// What OpenAPI says of a route, beside its inputs.
@usableFromInline
struct Operation: Sendable {
    /// That of the response when all goes well; `nil` for the result's own.
    var status: HTTPResponse.Status?
    /// `read_comment`: what operation id and summary are made of.
    var name: String?
    var id: String?
    var summary: String?
    var description: String?
    var tags: [String] = []
    /// What the route may answer beside its result.
    var responses: [HTTPResponse.Status: ResponseDescription] = [:]
    var isDeprecated = false
    var isDocumented = true
    var output: Output

    /// What the response is when all goes well.
    @usableFromInline
    struct Output: Sendable {
        /// `nil` where there is no body, or one that nobody tells.
        let mediaType: String?
        let defaultStatus: HTTPResponse.Status
        /// `nil` for what is no JSON.
        let schema: (@Sendable (inout SchemaComponents) -> JSONValue?)?
    }

    init(_ output: Output) {
        self.output = output
    }
}

extension Operation.Output {
    /// No body at all.
    @usableFromInline static let nothing = Operation.Output(
        mediaType: nil, defaultStatus: .noContent, schema: nil)

    /// JSON of one schema.
    @usableFromInline
    init(_ schema: some Schema) {
        self.init(mediaType: "application/json", defaultStatus: .ok) { schema.jsonSchema(&$0) }
    }

    /// What a type says of its responses.
    @usableFromInline
    init<Kind: ResponseConvertible>(_ type: Kind.Type) {
        self.init(mediaType: type.mediaType, defaultStatus: type.defaultStatus) { Kind.jsonSchema(&$0) }
    }

    func documented(by schema: @escaping @Sendable (inout SchemaComponents) -> JSONValue) -> Self {
        Self(mediaType: "application/json", defaultStatus: defaultStatus, schema: schema)
    }

    func documented(asMedia mediaType: String) -> Self {
        Self(mediaType: mediaType, defaultStatus: defaultStatus, schema: nil)
    }
}
