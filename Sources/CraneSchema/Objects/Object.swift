/// The schema of a JSON object that becomes a Swift value:
/// `Object(Comment.init) { Field("id", \.id) ... }`.
///
/// The fields stand in the order of the initialiser's parameters; that is also the order of members written and of
/// issues reported. Unknown members are ignored unless `extra` says otherwise, the last of two equal keys wins. Copies share their storage.
public struct Object<Value: Sendable>: Schema {
    @usableFromInline let core: ObjectCore<Value>
    /// The member that tells the cases of a union apart, where no field does.
    @usableFromInline var tag: ObjectTag?

    /// The component's name in OpenAPI.
    public var name: String { core.name }

    /// Describes a type by the function that makes it and its fields.
    ///
    /// - Parameters:
    ///   - make: makes the value of the fields' values, in their order.
    ///   - name: the name of the component in OpenAPI, of letters, digits, `.`, `_` and `-`; made of the type's own unless given.
    ///   - description: what JSON Schema says of the object.
    ///   - names: how the members are called in JSON; as the fields say unless given.
    ///   - extra: what becomes of members that no field has, in JSON; parameters and fields of forms that nobody takes are ignored in any case.
    ///   - fields: the members.
    @inlinable
    @inline(__always)
    public init<each Part: Sendable>(
        _ make: @escaping @Sendable (repeat each Part) -> Value,
        name: String? = nil, description: String? = nil, names: NameStyle = .asWritten,
        extra: ExtraMembers = .ignore,
        @FieldList<Value> _ fields: () -> (repeat Field<Value, each Part>)
    ) {
        var members: [Member] = []
        var store: [@Sendable (Value) -> ColumnValue?] = []
        var placements: [MemberPlacement<Value>] = []
        var write: @Sendable (Value, inout JSONWriter) -> Void = { _, _ in }
        for written in repeat each fields() {
            let field = names.applied(to: written)
            members.append(field.member)
            store.append(field.store)
            placements.append(field.placement)
            write = members.count == 1 ? field.write : field.written(after: write)
        }
        self.init(
            core: ObjectCore(
                reader: ObjectReader(members, extra: extra), writeMembers: write, store: store,
                placements: placements,
                make: { cursor in make(repeat cursor.take((each Part).self)) }, name: name,
                summary: description))
    }

    /// What the compiler says of fields that are not the initialiser's parameters.
    @available(*, unavailable, message: "the fields must be the initialiser's parameters, in their order")
    public init<each Made: Sendable, each Part: Sendable>(
        _ make: @escaping @Sendable (repeat each Made) -> Value,
        name: String? = nil, description: String? = nil, names: NameStyle = .asWritten,
        extra: ExtraMembers = .ignore,
        @FieldList<Value> _ fields: () -> (repeat Field<Value, each Part>)
    ) {
        fatalError("unavailable")
    }

    @usableFromInline
    init(core: ObjectCore<Value>) {
        self.core = core
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        try core.read(&reader)
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        if let tag {
            writer.raw(tag.opening)
        } else if core.reader.members.isEmpty {
            return writer.raw("{}")
        }
        let start = writer.count
        core.write(value, to: &writer)
        guard tag == nil else { return }
        // Every member brings a comma: without a tag the first one becomes the bracket.
        writer.replace(at: start, with: UInt8(ascii: "{"))
        // All members may have been left out.
        if writer.count == start &+ 1 { writer.byte(UInt8(ascii: "}")) }
    }

    /// How each member is read and described, in their order.
    package var members: [Member] { core.reader.members }

    /// Makes the value of plain texts, one for each member in their order and `nil` for what was not sent; `nil` where `validate`
    /// has to be asked.
    package func plainValue(ofTexts texts: (Int) -> String?) -> Value? { core.plainValue(ofTexts: texts) }

    /// What stands before the value of each member, in their order.
    public var openings: MemberOpenings { MemberOpenings(core.reader.members) }

    public static var isObject: Bool { true }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        guard case .object(let members) = input else {
            validation.reportNoObject(input)
            return nil
        }
        let value = core.validate(members, &validation)
        return core.reader.reportExtra(members, tag: tag?.name, &validation) ? nil : value
    }
}
