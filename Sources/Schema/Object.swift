/// The shape of a JSON object that becomes a Swift value:
/// `Object(Comment.init) { Field("id", \.id) ... }`.
///
/// The fields stand in the order of the initialiser's parameters; that is also the order of members written and of
/// issues reported. Unknown members are ignored, the last of two equal keys wins.
public struct Object<Value: Sendable>: Shape {
    @usableFromInline let readMembers: @Sendable (inout JSONReader) throws(JSONDetour) -> Value
    @usableFromInline let validateMembers: @Sendable (MemberTable, inout Validation) -> Value?
    @usableFromInline let writeMembers: @Sendable (Value, UInt8, inout JSONWriter) -> Void
    @usableFromInline let describeMembers: @Sendable (inout SchemaComponents) -> MemberSchemas
    /// The component's name in OpenAPI.
    public let name: String
    @usableFromInline let summary: String?
    /// The member that tells the cases of a union apart, where no field does.
    @usableFromInline var tag: Tag?

    /// Describes a type by the function that makes it and its fields.
    ///
    /// `name` is that of the component in OpenAPI, the type's own unless given. The closures are made here, inlined into
    /// the module of `Value`, so that they are compiled for its very fields.
    @inlinable
    public init<each Content: Shape>(
        _ make: @escaping @Sendable (repeat (each Content).Value) -> Value,
        name: String = String(describing: Value.self), description: String? = nil,
        @FieldList<Value> _ fields: () -> (repeat Field<Value, each Content>)
    ) {
        let fields = fields()
        var keys: [[UInt8]] = []
        for field in repeat each fields { keys.append(field.key) }
        let allKeys = keys
        readMembers = { (reader: inout JSONReader) throws(JSONDetour) -> Value in
            var scan = MemberScan()
            let value = make(repeat try Object.read(each fields, &reader, &scan, allKeys))
            while try scan.nextMember(&reader) { try scan.putAside(&reader, allKeys) }
            return value
        }
        validateMembers = { members, validation in
            let before = validation.mark
            let values = (repeat Object.validate(each fields, members, &validation))
            guard !validation.hasIssues(since: before) else { return nil }
            return try? make(repeat Object.unwrap(each values))
        }
        writeMembers = { value, opening, writer in
            var separator = opening
            for field in repeat each fields {
                writer.byte(separator)
                writer.raw(field.prefix)
                field.shape.write(field.get(value), to: &writer)
                separator = UInt8(ascii: ",")
            }
            writer.byte(UInt8(ascii: "}"))
        }
        describeMembers = { components in
            var schemas = MemberSchemas()
            for field in repeat each fields {
                schemas.add(field.name, field.jsonSchema(&components), required: field.fallback == nil)
            }
            return schemas
        }
        self.name = name
        summary = description
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> Value {
        try reader.open(UInt8(ascii: "{"))
        return try readMembers(&reader)
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        guard let tag else { return writeMembers(value, UInt8(ascii: "{"), &writer) }
        writer.raw(tag.opening)
        writeMembers(value, UInt8(ascii: ","), &writer)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        guard case .object(let members) = input else {
            validation.report(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from", input: input)
            return nil
        }
        return validateMembers(MemberTable(members), &validation)
    }
}

extension Object {
    /// Reads the value of the field whose turn it is.
    @inlinable
    static func read<Content: Shape>(
        _ field: Field<Value, Content>, _ reader: inout JSONReader, _ scan: inout MemberScan,
        _ keys: [[UInt8]]
    ) throws(JSONDetour) -> Content.Value {
        defer { scan.turn &+= 1 }
        if let offset = scan.earlyOffset() {
            var aside = reader
            aside.index = offset
            return try field.shape.read(&aside)
        }
        while try scan.nextMember(&reader) {
            if reader.takesKey(field.key) { return try field.shape.read(&reader) }
            try scan.putAside(&reader, keys)
        }
        guard let fallback = field.fallback else { throw JSONDetour() }
        return fallback
    }

    /// Validates one member, reporting it missing where it must be sent.
    @inlinable
    static func validate<Content: Shape>(
        _ field: Field<Value, Content>, _ members: MemberTable, _ validation: inout Validation
    ) -> Content.Value? {
        validation.at(.key(field.name)) { validation in
            if let input = members[field.name] { return field.shape.validate(input, &validation) }
            if let fallback = field.fallback { return fallback }
            validation.report("missing", "Field required", input: members.input)
            return nil
        }
    }

    @inlinable
    static func unwrap<Wrapped>(_ value: Wrapped?) throws(JSONDetour) -> Wrapped {
        guard let value else { throw JSONDetour() }
        return value
    }
}
