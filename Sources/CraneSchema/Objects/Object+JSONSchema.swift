extension Object {
    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define(core.givenName, of: Value.self) { components in
            var properties: [JSONValue.Member] = []
            var required: [JSONValue] = []
            if let tag {
                properties.append(.init(tag.name, tag.jsonSchema))
                required.append(.string(tag.name))
            }
            for member in core.reader.members {
                if properties.contains(where: { Spelling($0.key) == Spelling(member.name) }) {
                    components.report("two fields of \(name) are called \(member.name)")
                }
                let schema = components.naming("\(name).\(member.name)") { member.jsonSchema(&$0) }
                properties.append(.init(member.name, schema))
                if member.isRequired { required.append(.string(member.name)) }
            }
            guard components.isWritten else { return .null }
            var members = core.reader.extra.jsonSchema
            members += [.init("properties", .object(properties)), .init("type", "object")]
            if !required.isEmpty { members.append(.init("required", .array(required))) }
            members.append(.init("title", .string(core.givenName ?? "\(Value.self)")))
            if let summary = core.summary { members.append(.init("description", .string(summary))) }
            return .object(members)
        }
    }

    /// The same object with a tag before its fields; itself where one of its fields has the tag's name.
    func tagged(_ name: String, _ text: String) -> Object {
        if core.reader.members.contains(where: { $0.name == name }) { return self }
        var copy = self
        copy.tag = ObjectTag(name, text)
        return copy
    }
}
