/// One member of an object: its JSON name, where its value lives in the Swift type, and its schema.
public struct Field<Root: Sendable, Value: Sendable>: Sendable {
    @usableFromInline let member: Member
    /// Appends `,"name":` and the member's value.
    @usableFromInline let write: @Sendable (Root, inout JSONWriter) -> Void
    /// The member as a column holds it.
    @usableFromInline let store: @Sendable (Root) -> ColumnValue

    /// The member's name in JSON.
    public var name: String { member.name }

    /// The closures are made here, inlined into the module of the schema's user and so compiled for the very schema.
    @inlinable
    init<Content: Schema>(
        _ get: @escaping @Sendable (Root) -> Value, _ schema: Content, _ fallback: Value?,
        _ notes: FieldNotes
    ) where Content.Value == Value {
        let member = Member(schema, fallback, notes)
        let prefix = [UInt8(ascii: ",")] + member.key + [UInt8(ascii: ":")]
        self.member = member
        write = { root, writer in
            writer.raw(prefix)
            schema.write(get(root), to: &writer)
        }
        store = { root in schema.columnValue(get(root)) }
    }

    /// Appends the members before this one and then this one.
    ///
    /// One closure calls the next: an array of them would be retained and released member by member.
    @usableFromInline
    func written(
        after previous: @escaping @Sendable (Root, inout JSONWriter) -> Void
    ) -> @Sendable (Root, inout JSONWriter) -> Void {
        let write = write
        return { root, writer in
            previous(root, &writer)
            write(root, &writer)
        }
    }

    /// A member that must be sent.
    ///
    /// Title and description are for JSON Schema; the title is made of the name unless given.
    @inlinable
    public init<Content: Schema>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, _ schema: Content,
        title: String? = nil, description: String? = nil
    ) where Content.Value == Value {
        self.init(get, schema, nil, FieldNotes(name: name, title: title, description: description))
    }

    /// A member that may be left out.
    @inlinable
    public init<Content: Schema>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, _ schema: Content,
        default fallback: Value, title: String? = nil, description: String? = nil
    ) where Content.Value == Value {
        self.init(
            get, schema, .some(fallback), FieldNotes(name: name, title: title, description: description))
    }
}

extension Field where Value: SchemaRepresentable {
    /// A member of a type that describes itself, which must be sent.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, title: String? = nil,
        description: String? = nil
    ) {
        self.init(get, Value.schema, nil, FieldNotes(name: name, title: title, description: description))
    }

    /// A member of a type that describes itself, which may be left out.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, default fallback: Value,
        title: String? = nil, description: String? = nil
    ) {
        self.init(
            get, Value.schema, .some(fallback), FieldNotes(name: name, title: title, description: description)
        )
    }
}
