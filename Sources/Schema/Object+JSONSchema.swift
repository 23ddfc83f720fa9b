/// The schemas of an object's members and which of them must be sent.
@usableFromInline
struct MemberSchemas {
    var properties: [JSONValue.Member] = []
    var required: [JSONValue] = []

    @usableFromInline
    init() {}

    @usableFromInline
    mutating func add(_ name: String, _ schema: JSONValue, required isRequired: Bool) {
        properties.append(.init(name, schema))
        if isRequired { required.append(.string(name)) }
    }
}

extension Object {
    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define(name) { components in
            var schemas = MemberSchemas()
            if let tag {
                schemas.add(
                    tag.name,
                    [
                        "type": "string", "const": .string(tag.text),
                        "title": .string(FieldNotes.title(of: tag.name)),
                    ], required: true)
            }
            let described = describeMembers(&components)
            schemas.properties += described.properties
            schemas.required += described.required
            var members: [JSONValue.Member] = [
                .init("properties", .object(schemas.properties)), .init("type", "object"),
            ]
            if !schemas.required.isEmpty { members.append(.init("required", .array(schemas.required))) }
            members.append(.init("title", .string(name)))
            if let summary { members.append(.init("description", .string(summary))) }
            return .object(members)
        }
    }

    /// The member that names an object's case in a union.
    @usableFromInline
    struct Tag: Sendable {
        @usableFromInline let name: String
        @usableFromInline let text: String
        /// `{"kind":"cat"`.
        @usableFromInline let opening: [UInt8]
    }

    /// The same object with a tag before its fields; itself where one of its fields has the tag's name.
    @usableFromInline
    func tagged(_ name: String, _ text: String) -> Object {
        var components = SchemaComponents()
        if describeMembers(&components).properties.contains(where: { $0.key == name }) { return self }
        var copy = self
        let opening = [UInt8(ascii: "{")] + JSONWriter.quoted(name) + [UInt8(ascii: ":")]
        copy.tag = Tag(name: name, text: text, opening: opening + JSONWriter.quoted(text))
        return copy
    }
}
