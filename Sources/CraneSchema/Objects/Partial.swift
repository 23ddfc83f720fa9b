/// Some members of a value: what a PATCH sends of it.
public struct Partial<Whole: Sendable>: Sendable {
    private let core: ObjectCore<Whole>
    fileprivate let slots: SlotStorage

    fileprivate init(_ core: ObjectCore<Whole>, _ slots: SlotStorage) {
        self.core = core
        self.slots = slots
    }

    /// The value with the members that were sent in the place of its own.
    public func applied(to value: Whole) -> Whole { core.value(value, with: slots) }

    /// The names of the members that were sent, in the order of the fields.
    public var names: [String] { slots.filledNames }
}

/// The schema of some members of an object: each is checked where it was sent, and none has to be.
public struct PartialSchema<Whole: Sendable>: Schema {
    let core: ObjectCore<Whole>
    let name: String?
    let summary: String?

    /// Some members are read by way of a tree.
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Partial<Whole> {
        throw JSONFallback()
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Partial<Whole>? {
        guard case .object(let members) = input else {
            validation.reportNoObject(input)
            return nil
        }
        let slots = SlotStorage(core.reader)
        let isFilled = slots.fillSome(members, &validation)
        return !core.reader.reportExtra(members, &validation) && isFilled ? Partial(core, slots) : nil
    }

    public func write(_ value: Partial<Whole>, to writer: inout JSONWriter) {
        value.slots.write(to: &writer)
    }

    public static var isObject: Bool { true }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define(name, of: Partial<Whole>.self) { components in
            let properties = core.reader.members.map { member in
                let schema = components.naming("\(core.name).\(member.name)") {
                    member.notes.annotate(member.describe(&$0).json)
                }
                return JSONValue.Member(member.name, schema)
            }
            var members = core.reader.extra.jsonSchema
            members += [
                .init("properties", .object(properties)), .init("type", "object"),
                .init("title", .string(name ?? "\(Partial<Whole>.self)")),
            ]
            if let summary { members.append(.init("description", .string(summary))) }
            return .object(members)
        }
    }
}

extension Object {
    /// The schema of some members of such an object, for PATCH: each keeps to its field's schema, and none has to be sent.
    ///
    /// - Parameters:
    ///   - name: the name of the component in OpenAPI; `Partial_Talk_` for a `Talk` unless given.
    ///   - description: what JSON Schema says of it.
    public func partial(name: String? = nil, description: String? = nil) -> PartialSchema<Value> {
        PartialSchema(core: core, name: name, summary: description)
    }
}
