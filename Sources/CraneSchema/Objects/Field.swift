/// One member of an object: its JSON name, where its value lives in the Swift type, and its schema.
public struct Field<Root: Sendable, Value: Sendable>: Sendable {
    @usableFromInline let member: Member
    /// Appends `,"name":` and the member's value.
    @usableFromInline let write: @Sendable (Root, inout JSONWriter) -> Void
    /// The member as a column holds it; `nil` for one that an object leaves out.
    @usableFromInline let store: @Sendable (Root) -> ColumnValue?
    private let get: @Sendable (Root) -> Value
    /// The same field under another name.
    @usableFromInline let renamed: @Sendable (String) -> Field

    /// The member's name in JSON.
    public var name: String { member.name }

    /// The closures are made here, inlined into the module of the schema's user and so compiled for the very schema.
    @inlinable
    init<Content: Schema>(
        _ get: @escaping @Sendable (Root) -> Value, _ schema: Content, _ fallback: Value?,
        _ example: Value?, _ notes: FieldNotes
    ) where Content.Value == Value {
        let member = Member(schema, fallback, example, notes)
        let prefix = [UInt8(ascii: ",")] + member.key + [UInt8(ascii: ":")]
        self.init(
            member: member,
            write: { root, writer in
                let value = get(root)
                if schema.isUnset(value) { return }
                writer.raw(prefix)
                schema.write(value, to: &writer)
            },
            store: { root in
                let value = get(root)
                return schema.isUnset(value) ? nil : schema.columnValue(value)
            }, get: get,
            renamed: { Field(get, schema, fallback, example, notes.named($0)) })
    }

    @usableFromInline
    init(
        member: Member, write: @escaping @Sendable (Root, inout JSONWriter) -> Void,
        store: @escaping @Sendable (Root) -> ColumnValue?, get: @escaping @Sendable (Root) -> Value,
        renamed: @escaping @Sendable (String) -> Field
    ) {
        self.member = member
        self.write = write
        self.store = store
        self.get = get
        self.renamed = renamed
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

    /// How the member of a value gets into a slot.
    @usableFromInline var placement: MemberPlacement<Root> { MemberPlacement(get) }

    /// A member that must be sent.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - get: where its value is in the whole.
    ///   - schema: how the value is read, checked and written.
    ///   - title: the title in JSON Schema; made of the name unless given.
    ///   - description: what JSON Schema says of it.
    ///   - example: a value that JSON Schema shows; one that the schema refuses is a mistake.
    @inlinable
    public init<Content: Schema>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, _ schema: Content,
        title: String? = nil, description: String? = nil, example: Value? = nil
    ) where Content.Value == Value {
        self.init(get, schema, nil, example, FieldNotes(name: name, title: title, description: description))
    }

    /// A member that may be left out.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - get: where its value is in the whole.
    ///   - schema: how the value is read, checked and written.
    ///   - fallback: the value of a member that was not sent.
    ///   - title: the title in JSON Schema; made of the name unless given.
    ///   - description: what JSON Schema says of it.
    ///   - example: a value that JSON Schema shows; one that the schema refuses is a mistake.
    @inlinable
    public init<Content: Schema>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, _ schema: Content,
        default fallback: Value, title: String? = nil, description: String? = nil, example: Value? = nil
    ) where Content.Value == Value {
        self.init(
            get, schema, .some(fallback), example,
            FieldNotes(name: name, title: title, description: description))
    }
}

extension Field where Value: SchemaRepresentable {
    /// A member of a type that describes itself, which must be sent.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - get: where its value is in the whole.
    ///   - title: the title in JSON Schema; made of the name unless given.
    ///   - description: what JSON Schema says of it.
    ///   - example: a value that JSON Schema shows; one that the schema refuses is a mistake.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, title: String? = nil,
        description: String? = nil, example: Value? = nil
    ) {
        self.init(
            get, Value.schema, nil, example, FieldNotes(name: name, title: title, description: description))
    }

    /// A member of a type that describes itself, which may be left out.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - get: where its value is in the whole.
    ///   - fallback: the value of a member that was not sent.
    ///   - title: the title in JSON Schema; made of the name unless given.
    ///   - description: what JSON Schema says of it.
    ///   - example: a value that JSON Schema shows; one that the schema refuses is a mistake.
    @inlinable
    public init(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, default fallback: Value,
        title: String? = nil, description: String? = nil, example: Value? = nil
    ) {
        self.init(
            get, Value.schema, .some(fallback), example,
            FieldNotes(name: name, title: title, description: description))
    }
}
