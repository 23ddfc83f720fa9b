public import CraneSchema

extension Parameter {
    /// The fields of a type, each a parameter of its own: `Query(Page.self)`.
    ///
    /// A field with a default may be left out, any other must be sent, as in JSON; underscores in the name of a header's stand for
    /// hyphens. OpenAPI has one parameter for each field, and a 422 names the fields at fault. Costs as much as single parameters where
    /// no field is a list or from a form and none is at fault, else a tree of what was sent: some 6,000 instructions a field.
    public init<Fields: SchemaRepresentable>(_ type: Fields.Type = Fields.self)
    where Content == Object<Fields>, Fields.Description == Object<Fields> {
        let schema = type.schema
        let reader = FieldsReader<Source, Object<Fields>>(schema, schema.members) { texts in
            schema.plainValue(ofTexts: texts)
        }
        self.init(.reading { reader.value(in: &$0) }, reader.descriptions) { reader.value(in: &$0) }
    }

    /// The fields of a type whose schema is learned, each a parameter of its own: `Query(Page.self)`.
    ///
    /// As for a type with an `Object`; a tree is made of what was sent for each request.
    public init<Fields: Described>(_ type: Fields.Type = Fields.self)
    where Content == CodableSchema<Fields> {
        let schema = type.schema
        let reader = FieldsReader<Source, CodableSchema<Fields>>(schema, schema.members)
        self.init(
            .reading { reader.value(in: &$0) }, reader.descriptions, mistake: schema.fieldsMistake
        ) { reader.value(in: &$0) }
    }

    /// What the compiler says of a type that does not describe itself.
    @available(*, unavailable, message: "this type has no schema: make it SchemaRepresentable")
    public init<Fields: Sendable>(_ type: Fields.Type) where Content == NoSchema<Fields> {
        fatalError("unavailable")
    }
}

/// Finds the texts of a type's fields and makes the value.
private struct FieldsReader<Source: ParameterSource, Fields: Schema>: Sendable {
    private struct Part: Sendable {
        let key: Source.Key
        let notes: ParameterNotes
        let member: Member
    }

    private let schema: Fields
    /// The value of plain texts, of which one is got by its place among the fields; `nil` where a tree is needed.
    private let plain: (@Sendable ((Int) -> String?) -> Fields.Value?)?
    private let parts: [Part]
    /// Whether each field is one text or none.
    private let isPlain: Bool

    init(
        _ schema: Fields, _ members: [Member],
        plain: (@Sendable ((Int) -> String?) -> Fields.Value?)? = nil
    ) {
        self.schema = schema
        self.plain = plain
        parts = members.map { member in
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

    var descriptions: [InputsDescription.DescribedParameter] {
        parts.map { part in
            InputsDescription.DescribedParameter(
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

    func value(in inputs: inout Inputs) -> Fields.Value? {
        if isPlain, let plain, let value = plain({ Source.text(of: parts[$0].key, in: inputs) }) {
            return value
        }
        return checkedValue(in: &inputs)
    }

    /// The value by a tree of what was sent, which tells every fault.
    private func checkedValue(in inputs: inout Inputs) -> Fields.Value? {
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
