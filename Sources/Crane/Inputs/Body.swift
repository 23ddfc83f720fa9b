public import Schema

/// The body, as JSON of one shape: `Body(CommentCreate.self)`; a route takes one at most.
///
/// Read as JSON without a Content-Type too, as `application/json` and as `application/*+json`; a body of any other type is
/// a text where an object should be. Broken JSON ends the request before any other input is looked at.
public struct Body<Content: Shape>: Input {
    public typealias Value = Content.Value

    @usableFromInline let shape: Content
    @usableFromInline let fallback: Content.Value?
    let description: String?
    let limit: Int

    @usableFromInline
    init(_ shape: Content, _ description: String?, _ limit: Int) {
        self.shape = shape
        fallback = shape.absentValue
        self.description = description
        self.limit = limit
    }

    @inlinable
    public func value(in inputs: inout Inputs) async throws -> Content.Value? {
        switch inputs.content {
        case .json(let bytes):
            if bytes.isEmpty, let fallback { return fallback }
            return try inputs.decoded { () throws(DecodingFailure) in
                try unsafe bytes.withUnsafeBufferPointer { bytes throws(DecodingFailure) in
                    try unsafe shape.decodeBody(
                        UnsafeRawBufferPointer(bytes), limits: JSONLimits(bytes: .max))
                }
            }
        case .other(let bytes):
            return try inputs.decoded { () throws(DecodingFailure) in
                try shape.validated(.string(String(decoding: bytes, as: UTF8.self)))
            }
        case .none, .form:
            return nil
        }
    }

    public func describe(to operation: inout OperationDescription) {
        operation.add(
            OperationDescription.Body(
                plan: BodyPlan(kind: .json, limit: limit), mediaType: "application/json",
                isRequired: fallback == nil,
                schema: { [shape, description] components in
                    SchemaNotes.annotated(
                        shape.jsonSchema(&components), name: "Body", title: nil, description: description,
                        fallback: nil)
                }))
    }
}

extension Body {
    /// A body that must be sent unless its shape is optional, of at most `limit` bytes; 413 beyond.
    @inlinable
    public init(_ shape: Content, description: String? = nil, upTo limit: Int = JSONLimits().bytes) {
        self.init(shape, description, limit)
    }

    /// A body of a type that describes itself: it must be sent unless the type is optional.
    @inlinable
    public init<Value: Describable>(
        _ type: Value.Type = Value.self, description: String? = nil, upTo limit: Int = JSONLimits().bytes
    ) where Content == Value.Description {
        self.init(Value.schema, description, limit)
    }
}
