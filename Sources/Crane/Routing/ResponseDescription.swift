public import CraneSchema

/// What a route may answer beside its result, for OpenAPI: `[.notFound: ResponseDescription("No such comment")]`.
public struct ResponseDescription: Sendable {
    let text: String?
    let schema: (@Sendable (inout SchemaComponents) -> JSONValue)?

    /// A response of which only its meaning is told; the status's reason phrase where `text` is `nil`.
    public init(_ text: String? = nil) {
        self.text = text
        schema = nil
    }

    /// A response whose body is JSON of one type.
    public init<Value: SchemaRepresentable>(_ text: String? = nil, _ type: Value.Type) {
        self.text = text
        schema = { Value.schema.jsonSchema(&$0) }
    }
}
