/// One member of an object: its JSON name, where its value lives in the Swift type, and its shape.
public struct Field<Root, Content: Shape>: Sendable {
    /// The member's name in JSON.
    public let name: String
    @usableFromInline let get: @Sendable (Root) -> Content.Value
    @usableFromInline let shape: Content
    /// The value of a member that was not sent; nil where it must be sent.
    @usableFromInline let fallback: (@Sendable () -> Content.Value)?
    /// `"name"`, as it stands in JSON.
    @usableFromInline let key: [UInt8]
    /// `"name":`, written before the value.
    @usableFromInline let prefix: [UInt8]

    @inlinable
    init(
        name: String, get: @escaping @Sendable (Root) -> Content.Value, shape: Content,
        fallback: (@Sendable () -> Content.Value)?
    ) {
        self.name = name
        self.get = get
        self.shape = shape
        self.fallback = fallback
        key = JSONWriter.quoted(name)
        prefix = key + [UInt8(ascii: ":")]
    }

    /// A member that must be sent.
    @inlinable
    public init(_ name: String, _ get: @escaping @Sendable (Root) -> Content.Value, _ shape: Content) {
        self.init(name: name, get: get, shape: shape, fallback: nil)
    }

    /// A member that may be left out.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Content.Value, _ shape: Content,
        default fallback: @autoclosure @escaping @Sendable () -> Content.Value
    ) {
        self.init(name: name, get: get, shape: shape, fallback: fallback)
    }

    /// A member of a type that describes itself, which must be sent.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value
    ) where Content == Value.Description {
        self.init(name: name, get: get, shape: Value.schema, fallback: nil)
    }

    /// A member of a type that describes itself, which may be left out.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value,
        default fallback: @autoclosure @escaping @Sendable () -> Value
    ) where Content == Value.Description {
        self.init(name: name, get: get, shape: Value.schema, fallback: fallback)
    }
}

extension JSONWriter {
    /// A string with its quotes and escapes, as bytes.
    @usableFromInline
    static func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter(capacity: text.utf8.count + 8)
        writer.string(text)
        return writer.bytes
    }
}
