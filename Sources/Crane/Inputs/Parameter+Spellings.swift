public import Schema

extension Parameter {
    /// A parameter that must be sent.
    @inlinable
    public init(_ name: String, _ shape: Content, title: String? = nil, description: String? = nil) {
        self.init(name, shape, nil, title, description)
    }

    /// A parameter that may be left out.
    @inlinable
    public init(
        _ name: String, _ shape: Content, default fallback: Content.Value, title: String? = nil,
        description: String? = nil
    ) {
        self.init(name, shape, .some(fallback), title, description)
    }

    /// A parameter that may be left out, and is `nil` then.
    @inlinable
    public init<Wrapped: Shape>(
        _ name: String, _ shape: Content, title: String? = nil, description: String? = nil
    ) where Content == OptionalShape<Wrapped> {
        self.init(name, shape, .some(nil), title, description)
    }

    /// A parameter of a type that describes itself, which must be sent.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ type: Value.Type = Value.self, title: String? = nil, description: String? = nil
    ) where Content == Value.Description {
        self.init(name, Value.schema, nil, title, description)
    }

    /// A parameter of a type that describes itself, which may be left out.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ type: Value.Type = Value.self, default fallback: Value, title: String? = nil,
        description: String? = nil
    ) where Content == Value.Description {
        self.init(name, Value.schema, .some(fallback), title, description)
    }

    /// A parameter of a type that describes itself, which may be left out and is `nil` then.
    @inlinable
    public init<Wrapped: Describable>(
        _ name: String, _ type: Wrapped?.Type, title: String? = nil, description: String? = nil
    ) where Content == OptionalShape<Wrapped.Description> {
        self.init(name, Wrapped?.schema, .some(nil), title, description)
    }
}
