public import CraneSchema

/// The body, as JSON of one schema: `Body(CommentCreate.self)`; a route takes one at most.
///
/// Read as JSON without a Content-Type too, as `application/json` and as `application/*+json`; a body of any other type is
/// a text where an object should be. Broken JSON ends the request before any other input is looked at.
public struct Body<Content: Schema>: Input {
    public typealias Value = Content.Value

    let reader: Reader
    let description: String?
    let limit: Int
    let examples: KeyValuePairs<String, Content.Value>
    public let extraction: InputExtraction

    /// As for a `Parameter`: the extraction is compiled for the schema.
    @inlinable
    init(
        _ reader: Reader, _ description: String?, _ limit: Int,
        _ examples: KeyValuePairs<String, Content.Value>
    ) {
        self.init(reader, description, limit, examples, .reading { try reader.value(in: &$0) })
    }

    @usableFromInline
    init(
        _ reader: Reader, _ description: String?, _ limit: Int,
        _ examples: KeyValuePairs<String, Content.Value>, _ extraction: InputExtraction
    ) {
        self.reader = reader
        self.description = description
        self.limit = limit
        self.examples = examples
        self.extraction = extraction
    }

    public func value(in inputs: inout Inputs) async throws -> Content.Value? {
        try reader.value(in: &inputs)
    }

    /// Makes the value of the bytes.
    @usableFromInline
    struct Reader: Sendable {
        @usableFromInline let schema: Content
        @usableFromInline let fallback: Content.Value?

        @usableFromInline
        init(_ schema: Content) {
            self.schema = schema
            fallback = schema.absentValue
        }

        @inlinable
        func value(in inputs: inout Inputs) throws -> Content.Value? {
            guard case .json(let bytes) = inputs.content else { return try other(in: &inputs) }
            if bytes.isEmpty, let fallback { return fallback }
            return try inputs.decoded { () throws(DecodingFailure) in
                try schema.decodeBody(bytes, limits: JSONLimits(bytes: .max))
            }
        }

        /// A body that is not JSON is a text, which few schemas take.
        @usableFromInline
        func other(in inputs: inout Inputs) throws -> Content.Value? {
            guard case .other(let bytes) = inputs.content else { return nil }
            return try inputs.decoded { () throws(DecodingFailure) in
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .unreadable(.encoding)
                }
                return try schema.validated(.string(text))
            }
        }
    }

    public func describe(to operation: inout InputsDescription) {
        operation.add(
            InputsDescription.DescribedBody(
                plan: BodyPlan(kind: .json, limit: limit), mediaType: "application/json",
                isRequired: reader.fallback == nil,
                examples: examples.map { .init($0.key, reader.schema.tree($0.value)) },
                schema: { [schema = reader.schema, description, examples] components in
                    for example in examples { components.check(example.value, of: schema) }
                    return SchemaNotes.annotated(
                        schema.jsonSchema(&components), name: "Body", title: nil, description: description,
                        fallback: nil)
                }))
    }
}

extension Body {
    /// What is taken of a body by default, in bytes.
    @inlinable public static var usualLimit: Int { 1 << 20 }

    /// A body that must be sent unless its schema is optional, of at most `limit` bytes; 413 beyond.
    ///
    /// - Parameters:
    ///   - schema: what the body has to be.
    ///   - description: what the documentation says of it; Markdown.
    ///   - limit: its most bytes.
    ///   - examples: bodies by their names, from which the documentation's page lets its reader choose; one that the schema refuses
    ///     is a mistake.
    @inlinable
    public init(
        _ schema: Content, description: String? = nil, upTo limit: Int = usualLimit,
        examples: KeyValuePairs<String, Content.Value> = [:]
    ) {
        self.init(Reader(schema), description, limit, examples)
    }

    /// A body of a type that describes itself: it must be sent unless the type is optional.
    ///
    /// ```swift
    /// Body(NewNote.self, examples: ["short": NewNote(text: "Milk")])
    /// ```
    @inlinable
    public init<Value: SchemaRepresentable>(
        _ type: Value.Type = Value.self, description: String? = nil, upTo limit: Int = usualLimit,
        examples: KeyValuePairs<String, Value> = [:]
    ) where Content == Value.Description {
        self.init(Reader(Value.schema), description, limit, examples)
    }
}

extension Body {
    /// What the compiler says of a type that does not describe itself.
    @available(*, unavailable, message: "this type has no schema: make it SchemaRepresentable")
    public init<Value: Sendable>(_ type: Value.Type) where Content == NoSchema<Value> {
        fatalError("unavailable")
    }
}
