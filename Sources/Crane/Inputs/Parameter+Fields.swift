public import CraneSchema

extension Parameter {
    /// The fields of a type, each a parameter of its own: `Query(Page.self)`.
    ///
    /// A field with a default may be left out, any other must be sent, as in JSON; underscores in the name of a header's stand for
    /// hyphens. OpenAPI has one parameter for each field, and a 422 names the fields at fault. Costs as much as single parameters where
    /// no field is a list or from a form and none is at fault, else a tree of what was sent: some 6,000 instructions a field.
    public init<Fields: SchemaRepresentable>(_ type: Fields.Type = Fields.self)
    where Content == Object<Fields>, Fields.Description == Object<Fields> {
        let reader = FieldsReader<Source, Fields>(type.schema)
        self.init(.reading { reader.value(in: &$0) }, reader.descriptions) { reader.value(in: &$0) }
    }

    /// What the compiler says of a type that does not describe itself.
    @available(*, unavailable, message: "this type has no schema: make it SchemaRepresentable")
    public init<Fields: Sendable>(_ type: Fields.Type) where Content == NoSchema<Fields> {
        fatalError("unavailable")
    }
}

/// Finds the texts of a type's fields and makes the value.
private struct FieldsReader<Source: ParameterSource, Fields: Sendable>: Sendable {
    private struct Part: Sendable {
        let key: Source.Key
        let notes: ParameterNotes
        let member: Member
    }

    private let schema: Object<Fields>
    private let parts: [Part]
    /// Whether each field is one text or none.
    private let isPlain: Bool

    init(_ schema: Object<Fields>) {
        self.schema = schema
        parts = schema.members.map { member in
            Part(
                key: Source.key(member.name),
                notes: ParameterNotes(
                    name: Source.wireName(member.name), place: Source.place, title: nil,
                    description: member.notes.description, isDeprecated: false,
                    isList: member.isManyValued,
                    emptyIsAbsent: Source.place == .body && !member.isRequired),
                member: member)
        }
        // A form may bring files, too.
        isPlain = Source.place != .body && !parts.contains { $0.notes.isList }
    }

    var descriptions: [OperationDescription.DescribedParameter] {
        parts.map { part in
            OperationDescription.DescribedParameter(
                notes: part.notes, isRequired: part.member.isRequired, isText: !part.member.isObject,
                schema: { components in
                    let (json, fallback) = part.member.describe(&components)
                    let notes = part.member.notes
                    return SchemaNotes.annotated(
                        json, name: notes.name, title: notes.title, description: notes.description,
                        fallback: fallback)
                })
        }
    }

    func value(in inputs: inout Inputs) -> Fields? {
        if isPlain, let value = schema.plainValue(ofTexts: { Source.text(of: parts[$0].key, in: inputs) }) {
            return value
        }
        return checkedValue(in: &inputs)
    }

    /// The value by a tree of what was sent, which tells every fault.
    private func checkedValue(in inputs: inout Inputs) -> Fields? {
        var sent: [JSONValue.Member] = []
        for part in parts {
            if let value = sentValue(of: part, in: inputs) { sent.append(.init(part.member.name, value)) }
        }
        var validation = Validation(at: [.key(Source.place.rawValue)])
        let value = schema.validate(.object(sent), &validation)
        if value == nil { inputs.note(validation.issues, at: Source.place) }
        return value
    }

    /// The texts of a field as a tree; `nil` for what was not sent.
    private func sentValue(of part: Part, in inputs: borrowing Inputs) -> JSONValue? {
        if Source.place == .body, let files = inputs.form?.misplacedFiles(part.notes) { return files }
        if part.notes.isList {
            let texts = Source.texts(of: part.key, in: inputs)
            return texts.isEmpty ? nil : .array(texts.map { .string($0) })
        }
        guard let text = Source.text(of: part.key, in: inputs) else { return nil }
        return part.notes.emptyIsAbsent && text.isEmpty ? nil : .string(text)
    }
}
