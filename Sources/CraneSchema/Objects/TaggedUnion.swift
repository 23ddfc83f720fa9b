/// The schema of an enumeration whose cases hold objects, told apart by one member:
/// `TaggedUnion("kind") { Variant("cat", Pet.cat) { if case .cat(let it) = $0 { it } else { nil } } ... }`.
public struct TaggedUnion<Value: Sendable>: Schema {
    private let discriminator: String
    private let variants: [Case]
    /// `"kind"`, as it stands in JSON.
    private let key: [UInt8]

    /// One variant with its content's type forgotten.
    struct Case: Sendable {
        let tag: String
        let read: @Sendable (inout JSONReader) throws(JSONFallback) -> Value
        let validate: @Sendable (JSONValue, inout Validation) -> Value?
        /// Says whether the value is of this case.
        let write: @Sendable (Value, inout JSONWriter) -> Bool
        let jsonSchema: @Sendable (inout SchemaComponents) -> JSONValue
    }

    /// Describes a type by the member that names the case and the variants.
    public init(_ discriminator: String, @VariantList<Value> _ variants: () -> [Variant<Value>]) {
        self.discriminator = discriminator
        key = JSONWriter.quoted(discriminator)
        self.variants = variants().map { $0.make(discriminator) }
    }

    /// Plain input has the tag first.
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        var ahead = reader
        try ahead.open(UInt8(ascii: "{"))
        guard ahead.takesKey(key) else { throw JSONFallback() }
        let tag = try ahead.string()
        guard let variant = variant(tag) else { throw JSONFallback() }
        return try variant.read(&reader)
    }

    public func write(_ value: Value, to writer: inout JSONWriter) {
        for variant in variants where variant.write(value, &writer) { return }
        writer.null()
    }

    public static var isObject: Bool { true }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        let quoted = PythonText.repr(discriminator)
        guard case .object = input else {
            validation.reportNoObject(input)
            return nil
        }
        guard let tag = input[discriminator] else {
            validation.report(
                "union_tag_not_found", "Unable to extract tag using discriminator \(quoted)", input: input,
                context: [.init("discriminator", .string(quoted))])
            return nil
        }
        if case .string(let text) = tag, let variant = variant(text) {
            return validation.at(.key(text)) { variant.validate(input, &$0) }
        }
        let expected = variants.map { PythonText.repr($0.tag) }.joined(separator: ", ")
        let found = PythonText.string(tag.shortened())
        validation.report(
            "union_tag_invalid",
            "Input tag '\(found)' found using \(quoted) does not match any of the expected tags: \(expected)",
            input: input,
            context: [
                .init("discriminator", .string(quoted)), .init("tag", .string(found)),
                .init("expected_tags", .string(expected)),
            ])
        return nil
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        var schemas: [JSONValue] = []
        var mapping: [JSONValue.Member] = []
        for variant in variants {
            let schema = variant.jsonSchema(&components)
            schemas.append(schema)
            if let reference = schema["$ref"] { mapping.append(.init(variant.tag, reference)) }
        }
        return [
            "oneOf": .array(schemas),
            "discriminator": ["propertyName": .string(discriminator), "mapping": .object(mapping)],
        ]
    }

    private func variant(_ tag: String) -> Case? {
        variants.first { $0.tag.utf8.elementsEqual(tag.utf8) }
    }
}
