import Synchronization

/// Learns the schemas of `Codable` types by running their `init(from:)` on a decoder that notes what is asked for.
///
/// One learner serves one call that needs a schema, on one thread, with all types inside the first. Threads that need the same type at
/// the same time each learn it; what was finished first is kept. No lock is held while the code of types runs.
final class TypeLearner: @unchecked Sendable {
    /// The learner whose call the present one is within.
    @TaskLocal static var current: TypeLearner?

    /// What has been learned in this process.
    private static let registry = Mutex<[ObjectIdentifier: any Sendable]>([:])

    private var cores: [ObjectIdentifier: any Sendable] = [:]
    private var schemas: [ObjectIdentifier: any Schema] = [:]
    private var descriptions: [ObjectIdentifier: SchemaDescription] = [:]
    /// What was wrong with the types that have no schema.
    private(set) var mistakes: [ObjectIdentifier: String] = [:]

    typealias Learnable = Codable & Sendable

    /// What is known of a type, learned now if it was not before.
    static func core<Value: Learnable>(of type: Value.Type) -> CodableCore<Value> {
        let id = ObjectIdentifier(type)
        if let core = registry.withLock({ $0[id] }) as? CodableCore<Value> { return core }
        if let current { return current.core(of: type) }
        let core = learned(type)
        return registry.withLock { $0[id] } as? CodableCore<Value> ?? core
    }

    /// Learns a type and whatever is inside it.
    static func learned<Value: Learnable>(_ type: Value.Type) -> CodableCore<Value> {
        let learner = TypeLearner()
        let core = $current.withValue(learner) { learner.core(of: type) }
        registry.withLock { known in known.merge(learner.cores) { known, _ in known } }
        return core
    }

    /// The schema of a type that is asked for while no type is learned; nil for one that has none.
    static func schema<Value: Decodable>(of type: Value.Type) -> (any Schema)? {
        let learner = TypeLearner()
        let schema = $current.withValue(learner) { learner.schema(of: type) }
        registry.withLock { known in known.merge(learner.cores) { known, _ in known } }
        return schema
    }

    /// The value of a tree, its type forgotten.
    static func value(of input: JSONValue, _ schema: any Schema, _ validation: inout Validation) -> Any? {
        func value<Content: Schema>(_ schema: Content, _ validation: inout Validation) -> Any? {
            schema.validate(input, &validation)
        }
        return value(schema, &validation)
    }

    func core<Value: Learnable>(of type: Value.Type) -> CodableCore<Value> {
        let id = ObjectIdentifier(type)
        if let core = cores[id] as? CodableCore<Value> { return core }
        if let core = Self.registry.withLock({ $0[id] }) as? CodableCore<Value> { return core }
        let core = CodableCore<Value>()
        // A type that contains itself ends here.
        cores[id] = core
        core.keep(form(of: type))
        return core
    }

    /// The schema of a type that `init(from:)` asked for; nil, with a mistake noted, where it has none.
    func schema(of type: any Decodable.Type) -> (any Schema)? {
        let id = ObjectIdentifier(type)
        if let known = schemas[id] { return known }
        let schema = newSchema(of: type)
        if let schema { schemas[id] = schema }
        return schema
    }

    /// The JSON Schema of a type that was asked for.
    func description(of type: any Decodable.Type, _ schema: any Schema) -> SchemaDescription {
        let id = ObjectIdentifier(type)
        if let known = descriptions[id] { return known }
        let description = SchemaDescription(schema)
        descriptions[id] = description
        return description
    }

    private func newSchema(of type: any Decodable.Type) -> (any Schema)? {
        if let wrapping = type as? any WrappingType.Type { return wrapping.schema(self) }
        if let described = type as? any SchemaRepresentable.Type, !(type is any Described.Type) {
            return Self.schema(described)
        }
        let name = String(reflecting: type)
        if let mistake = Self.foundationMistake(name) {
            mistakes[ObjectIdentifier(type)] = mistake
            return nil
        }
        guard let codable = type as? any Codable.Type else {
            mistakes[ObjectIdentifier(type)] = "\(name) is not Encodable: make it Codable"
            return nil
        }
        return schema(ofLearnable: Self.sendable(codable))
    }

    private static func schema<Value: SchemaRepresentable>(_ type: Value.Type) -> any Schema { Value.schema }

    private func schema<Value: Learnable>(ofLearnable type: Value.Type) -> any Schema {
        CodableSchema(core(of: type))
    }

    /// The same type known to be `Sendable`, which it is as that of a stored property of a `Sendable` type.
    ///
    /// `Sendable` has no form at run time, so that the two metatypes are the same, and no cast can ask for it.
    private static func sendable(_ type: any Codable.Type) -> any Learnable.Type {
        // As the line above says.
        unsafe unsafeBitCast(type as any Codable.Type, to: (any Learnable.Type).self)
    }

    /// What is wrong with a type of Foundation without a schema: how it is encoded is nothing that JSON has a form for.
    private static func foundationMistake(_ name: String) -> String? {
        guard name.hasPrefix("Foundation.") || name.hasPrefix("FoundationEssentials.") else { return nil }
        let cure =
            switch name.split(separator: ".").last {
            case "Date": "take a Timestamp"
            case "UUID": "take a UniqueID"
            case "Data": "take a String of base64, or an array of UInt8"
            case "URL": "take a String"
            default: "take a type of your own"
            }
        return "\(name) has no schema: \(cure), or make it SchemaRepresentable"
    }
}

extension TypeLearner {
    /// Learns one type.
    private func form<Value: Learnable>(of type: Value.Type) -> CodableForm<Value> {
        if let choice = choice(type) { return CodableForm(.other(choice)) }
        return TypeTrial(self, type).form()
    }

    /// The schema of an enumeration that lists its cases.
    private func choice<Value: Learnable>(_ type: Value.Type) -> ErasedSchema<Value>? {
        func texts<Case: RawRepresentable<String> & CaseIterable & Sendable>(_ type: Case.Type) -> Any {
            ErasedSchema(Choice<Case>())
        }
        func numbers<Case: RawRepresentable & CaseIterable & Sendable>(_ type: Case.Type) -> Any?
        where Case.RawValue: FixedWidthInteger & Sendable {
            ErasedSchema(NumberChoice<Case>())
        }
        if let type = type as? any (RawRepresentable<String> & CaseIterable & Sendable).Type {
            return texts(type) as? ErasedSchema<Value>
        }
        if let type = type as? any (RawRepresentable<Int> & CaseIterable & Sendable).Type {
            return numbers(type) as? ErasedSchema<Value>
        }
        return nil
    }
}
