/// One member of an object: its JSON name, where its value lives in the Swift type, and its shape.
public struct Field<Root, Content: Shape>: Sendable {
    @usableFromInline let get: @Sendable (Root) -> Content.Value
    @usableFromInline let shape: Content
    /// The value of a member that was not sent; nil where it must be sent.
    @usableFromInline let fallback: Content.Value?
    @usableFromInline let notes: FieldNotes
    /// `"name"`, as it stands in JSON.
    @usableFromInline let key: [UInt8]
    /// `"name":`, written before the value.
    @usableFromInline let prefix: [UInt8]

    /// The member's name in JSON.
    public var name: String { notes.name }

    @inlinable
    init(
        _ get: @escaping @Sendable (Root) -> Content.Value, _ shape: Content, _ fallback: Content.Value?,
        _ notes: FieldNotes
    ) {
        self.get = get
        self.shape = shape
        self.fallback = fallback
        self.notes = notes
        key = JSONWriter.quoted(notes.name)
        prefix = key + [UInt8(ascii: ":")]
    }

    /// A member that must be sent.
    ///
    /// Title and description are for JSON Schema; the title is made of the name unless given.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Content.Value, _ shape: Content,
        title: String? = nil, description: String? = nil
    ) {
        self.init(get, shape, nil, FieldNotes(name: name, title: title, summary: description))
    }

    /// A member that may be left out.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Content.Value, _ shape: Content,
        default fallback: Content.Value, title: String? = nil, description: String? = nil
    ) {
        self.init(get, shape, .some(fallback), FieldNotes(name: name, title: title, summary: description))
    }

    /// A member of a type that describes itself, which must be sent.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, title: String? = nil,
        description: String? = nil
    ) where Content == Value.Description {
        self.init(get, Value.schema, nil, FieldNotes(name: name, title: title, summary: description))
    }

    /// A member of a type that describes itself, which may be left out.
    @inlinable
    public init<Value: Describable>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, default fallback: Value,
        title: String? = nil, description: String? = nil
    ) where Content == Value.Description {
        self.init(
            get, Value.schema, .some(fallback), FieldNotes(name: name, title: title, summary: description))
    }

    /// The field's JSON Schema.
    @inlinable
    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        let plain = shape.jsonSchema(&components)
        return notes.annotate(plain, fallback: fallback.map { shape.tree($0) })
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
