/// One learned member of a `Codable` type: how it is read into a slot, and which Swift type the slot holds.
@safe
struct CodableMember: Sendable {
    /// How a member that was not sent is held.
    enum Form: Sendable {
        /// It must be sent.
        case required
        /// As `nil`, and so is `null`: asked for by `decodeIfPresent`.
        case optional
        /// As an unset `Patch`, `null` being a value like others: asked for after `contains`.
        case guarded
    }

    let member: Member
    let form: Form
    /// The type that the slot holds.
    let slotType: ObjectIdentifier
    /// The type that is asked for and that is written.
    let valueType: ObjectIdentifier
    /// The default that JSON Schema shows, the initialiser's own.
    let shownDefault: JSONValue?
    /// Whether the slot, which holds a value, says that the member is missing or null.
    let isAbsent: @Sendable (UnsafeRawPointer) -> Bool
    /// Appends a value of `valueType`; nothing, and false, for one that an object leaves out.
    let write: @Sendable (UnsafeRawPointer, inout JSONWriter) -> Bool
    /// Whether the value is written as its type always is.
    let isPlain: Bool

    /// Makes the member of a schema whose type is forgotten, compiled for those that most members have.
    static func make(
        _ schema: any Schema, _ form: Form, _ notes: FieldNotes, shownDefault: JSONValue?
    ) -> CodableMember {
        func make<Content: Schema>(_ schema: Content, isPlain: Bool = true) -> CodableMember {
            CodableMember(schema, form, notes, shownDefault: shownDefault, isPlain: isPlain)
        }
        return switch schema {
        case let schema as StringSchema: make(schema)
        case let schema as IntegerSchema<Int>: make(schema)
        case let schema as BooleanSchema: make(schema)
        case let schema as FloatSchema<Double>: make(schema)
        case let schema as TimestampSchema: make(schema)
        case let schema as UniqueIDSchema: make(schema)
        case let schema as ArraySchema<StringSchema>: make(schema)
        default: make(schema, isPlain: false)
        }
    }

    private init<Content: Schema>(
        _ schema: Content, _ form: Form, _ notes: FieldNotes, shownDefault: JSONValue?, isPlain: Bool
    ) {
        typealias Value = Content.Value
        self.form = form
        self.shownDefault = shownDefault
        self.isPlain = isPlain
        valueType = ObjectIdentifier(Value.self)
        // The pointers are to a slot of `slotType` or to a value of `valueType`, which are compared before a pointer is made.
        unsafe write = { value, writer in
            let value = unsafe value.assumingMemoryBound(to: Value.self).pointee
            if schema.isUnset(value) { return false }
            schema.write(value, to: &writer)
            return true
        }
        switch form {
        case .required:
            member = Member(schema, nil, nil, notes)
            slotType = ObjectIdentifier(Value.self)
            unsafe isAbsent = { _ in false }
        case .optional:
            member = Member(OptionalSchema(schema), .some(nil), nil, notes)
            slotType = ObjectIdentifier(Value?.self)
            unsafe isAbsent = { unsafe $0.assumingMemoryBound(to: Value?.self).pointee == nil }
        case .guarded:
            member = Member(PatchSchema(schema), nil, nil, notes)
            slotType = ObjectIdentifier(Patch<Value>.self)
            unsafe isAbsent = {
                if case .unset = unsafe $0.assumingMemoryBound(to: Patch<Value>.self).pointee {
                    true
                } else {
                    false
                }
            }
        }
    }

    /// The JSON Schema of the member with all that is said of it.
    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        member.notes.annotate(member.describe(&components).json, default: shownDefault)
    }
}

/// The learned members of one type, and their slots.
final class CodableLayout: Sendable {
    let members: [CodableMember]
    let reader: ObjectReader
    let names: [String]
    // Beside the members, so that nothing is retained to compare a type.
    let slotTypes: [ObjectIdentifier]
    let valueTypes: [ObjectIdentifier]
    /// `"name":` of each member.
    let openings: [[UInt8]]

    init(_ members: [CodableMember]) {
        self.members = members
        reader = ObjectReader(members.map(\.member))
        names = members.map(\.member.name)
        slotTypes = members.map(\.slotType)
        valueTypes = members.map(\.valueType)
        openings = members.map { $0.member.key + [UInt8(ascii: ":")] }
    }

    /// The member of a name, which most likely is the one at `turn`; goes on to the next.
    @inline(__always)
    func index(of name: String, _ turn: inout Int) -> Int? {
        if turn < names.count, names[turn] == name {
            turn &+= 1
            return turn &- 1
        }
        guard let index = names.firstIndex(of: name) else { return nil }
        turn = index &+ 1
        return index
    }
}
