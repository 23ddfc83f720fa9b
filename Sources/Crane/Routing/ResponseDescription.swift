public import CraneSchema

/// What a route may answer beside its result, for OpenAPI: `[.notFound: ResponseDescription("No such comment")]`.
public struct ResponseDescription: Sendable {
    let text: String?
    let schema: (@Sendable (inout SchemaComponents) -> JSONValue)?
    var mediaType = "application/json"

    /// A response of which only its meaning is told; the status's reason phrase where `text` is `nil`.
    public init(_ text: String? = nil) {
        self.text = text
        schema = nil
    }

    /// A response whose body is JSON of one type.
    ///
    /// - Parameters:
    ///   - text: what it means; the status's reason phrase where it is `nil`.
    ///   - type: the type of the body.
    ///   - mediaType: `application/json`, or another of JSON's.
    @inlinable
    public init<Value: SchemaRepresentable>(
        _ text: String? = nil, _ type: Value.Type, mediaType: String = "application/json"
    ) {
        self.init(text, mediaType) { Value.schema.jsonSchema(&$0) }
    }

    @usableFromInline
    init(
        _ text: String?, _ mediaType: String,
        schema: @escaping @Sendable (inout SchemaComponents) -> JSONValue
    ) {
        self.text = text
        self.schema = schema
        self.mediaType = mediaType
    }

    /// The same for a response that means something else.
    func meaning(_ text: String) -> ResponseDescription {
        schema.map { ResponseDescription(text, mediaType, schema: $0) } ?? ResponseDescription(text)
    }
}
