public import CraneSchema

extension Parameter {
    /// A parameter that must be sent; one of an optional schema may be left out, and is `nil` then.
    @inlinable
    public init(
        _ name: String, _ schema: Content, title: String? = nil, description: String? = nil,
        deprecated: Bool = false
    ) {
        self.init(Reader(name, schema, nil, title, description, deprecated))
    }

    /// A parameter that may be left out.
    @inlinable
    public init(
        _ name: String, _ schema: Content, default fallback: Content.Value, title: String? = nil,
        description: String? = nil, deprecated: Bool = false
    ) {
        self.init(Reader(name, schema, .some(fallback), title, description, deprecated))
    }

    /// A parameter of a type that describes itself: it must be sent unless the type is optional.
    @inlinable
    public init<Value: SchemaRepresentable>(
        _ name: String, _ type: Value.Type = Value.self, title: String? = nil, description: String? = nil,
        deprecated: Bool = false
    ) where Content == Value.Description {
        self.init(Reader(name, Value.schema, nil, title, description, deprecated))
    }

    /// A parameter of a type that describes itself, which may be left out.
    @inlinable
    public init<Value: SchemaRepresentable>(
        _ name: String, _ type: Value.Type = Value.self, default fallback: Value, title: String? = nil,
        description: String? = nil, deprecated: Bool = false
    ) where Content == Value.Description {
        self.init(Reader(name, Value.schema, .some(fallback), title, description, deprecated))
    }
}

extension Parameter {
    /// What the compiler says to who looks for FastAPI's `alias`.
    @available(
        *, unavailable, message: "the first argument is the name in the request: Query(\"item-query\", …)"
    )
    public init<Value: SchemaRepresentable>(
        alias: String, _ type: Value.Type = Value.self, default fallback: Value? = nil
    ) where Content == Value.Description {
        fatalError("unavailable")
    }

    /// What the compiler says of a type that does not describe itself.
    @available(*, unavailable, message: "this type has no schema: make it SchemaRepresentable")
    public init<Value: Sendable>(_ name: String, _ type: Value.Type, default fallback: Value? = nil)
    where Content == NoSchema<Value> {
        fatalError("unavailable")
    }
}
