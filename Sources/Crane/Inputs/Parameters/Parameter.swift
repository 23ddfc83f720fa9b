public import CraneSchema

/// A named text of the request that becomes a value: what `Path`, `Query`, `Header` and `Cookie` are.
///
/// A parameter without a default must be sent, one of an optional type need not. The name is the one in the request.
public struct Parameter<Source: ParameterSource, Content: Schema>: Input {
    public typealias Value = Content.Value

    public let extraction: InputExtraction
    private let take: @Sendable (inout Inputs) -> Content.Value?
    /// What OpenAPI says: of one parameter, or of one for each field of a type.
    private var descriptions: [InputsDescription.DescribedParameter]
    /// What is wrong with the type whose fields it takes.
    private let mistake: String?

    @usableFromInline
    init(
        _ extraction: InputExtraction, _ descriptions: [InputsDescription.DescribedParameter],
        mistake: String? = nil, take: @escaping @Sendable (inout Inputs) -> Content.Value?
    ) {
        self.mistake = mistake
        self.extraction = extraction
        self.descriptions = descriptions
        self.take = take
    }

    /// The closures are made here, inlined into the module of the input's user and so compiled for the very schema.
    @inlinable
    init(_ reader: Reader) {
        self.init(.reading { reader.value(in: &$0) }, [reader.description]) { reader.value(in: &$0) }
    }

    public func value(in inputs: inout Inputs) async throws -> Content.Value? {
        take(&inputs)
    }

    public func describe(to operation: inout InputsDescription) {
        for description in descriptions { operation.add(description) }
        if let mistake { operation.report(mistake) }
    }

    /// The same parameter, of which OpenAPI says nothing; of the fields of a type, those of these names, or all without names.
    ///
    /// Traps for a name that no field has.
    public func hidden(_ names: String...) -> Parameter {
        var copy = self
        let names = names.map(Source.wireName)
        for name in names where !descriptions.contains(where: { $0.notes.name == name }) {
            preconditionFailure("hidden(\"\(name)\"): there is no such parameter")
        }
        for index in descriptions.indices
        where names.isEmpty || names.contains(descriptions[index].notes.name) {
            copy.descriptions[index].isHidden = true
        }
        return copy
    }

    /// Finds the text and makes the value.
    @usableFromInline
    struct Reader: Sendable {
        @usableFromInline let key: Source.Key
        @usableFromInline let schema: Content
        /// What an absent parameter stands for. A function: to lay a `Content.Value?` out the runtime would search the program's
        /// conformances for each type of parameter at the start.
        @usableFromInline let fallback: (@Sendable () -> Content.Value)?
        @usableFromInline let notes: ParameterNotes

        @inlinable
        init(
            _ name: String, _ schema: Content, _ fallback: Content.Value?, _ title: String?,
            _ description: String?, _ deprecated: Bool
        ) {
            key = Source.key(name)
            self.schema = schema
            let fallback = fallback ?? schema.absentValue
            if let fallback { self.fallback = { fallback } } else { self.fallback = nil }
            notes = ParameterNotes(
                name: Source.wireName(name), place: Source.place, title: title, description: description,
                isDeprecated: deprecated, isList: Content.isManyValued,
                emptyIsAbsent: Source.place == .body && fallback != nil)
        }

        @inlinable
        func value(in inputs: inout Inputs) -> Content.Value? {
            if notes.isList { return list(in: &inputs) }
            if Content.readsBytes,
                let value = Source.value(of: key, in: inputs, { schema.read(bytes: $0) })
            {
                return value
            }
            guard let text = Source.text(of: key, in: inputs) else { return absent(in: &inputs) }
            if notes.emptyIsAbsent, text.isEmpty { return absent(in: &inputs) }
            return schema.read(text: text) ?? checked(text, in: &inputs)
        }

        @usableFromInline
        func absent(in inputs: inout Inputs) -> Content.Value? {
            if notes.place == .body, let files = inputs.form?.misplacedFiles(notes) {
                return validated(files, in: &inputs)
            }
            if let fallback { return fallback() }
            inputs.note([.missing(notes.location)], at: notes.place)
            return nil
        }

        @usableFromInline
        func checked(_ text: String, in inputs: inout Inputs) -> Content.Value? {
            do {
                return try schema.decode(text: text, at: notes.location)
            } catch {
                inputs.note(error.issues, at: notes.place)
                return nil
            }
        }

        @usableFromInline
        func list(in inputs: inout Inputs) -> Content.Value? {
            if notes.place == .body, let files = inputs.form?.misplacedFiles(notes) {
                return validated(files, in: &inputs)
            }
            let texts = Source.texts(of: key, in: inputs)
            return texts.isEmpty
                ? absent(in: &inputs) : validated(.array(texts.map { .string($0) }), in: &inputs)
        }

        /// What OpenAPI says of the parameter.
        @inlinable
        var description: InputsDescription.DescribedParameter {
            notes.described(isRequired: fallback == nil, isText: !Content.isObject) {
                [schema, fallback] components in
                let json = schema.jsonSchema(&components)
                guard let fallback = fallback?() else { return (json, nil) }
                components.check(fallback, of: schema)
                return (json, components.isWritten ? schema.tree(fallback) : nil)
            }
        }

        private func validated(_ value: JSONValue, in inputs: inout Inputs) -> Content.Value? {
            var validation = Validation(at: notes.location)
            let result = schema.validate(value, &validation)
            if result == nil { inputs.note(validation.issues, at: notes.place) }
            return result
        }
    }
}
