import CraneSystem

/// The schema of a type, learned from its `Codable` conformance: what a `Described` type has, and what a type of somebody else's
/// gets by `CodableSchema<Post>()`.
///
/// Learning takes some milliseconds for each type, once in a process, on whichever thread needs the schema first. It runs the type's
/// `init(from:)` with made-up values, which must not trap on any. Reads about half as fast as an `Object`.
public struct CodableSchema<Value: Codable & Sendable>: Schema {
    let core: CodableCore<Value>

    /// Learns the type's schema, or takes what was learned of it before.
    public init() {
        core = TypeLearner.core(of: Value.self)
    }

    init(_ core: CodableCore<Value>) {
        self.core = core
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        switch core.form.kind {
        case .object(let layout):
            try reader.open(UInt8(ascii: "{"))
            let decoder = SlotDecoder(layout)
            try decoder.fill(&reader)
            return try value(decoder)
        case .wrapper(let layout):
            let decoder = SlotDecoder(layout)
            try decoder.fillOnly(&reader)
            return try value(decoder)
        case .other(let schema):
            return try schema.read(&reader)
        case .unlearned: throw JSONFallback()
        }
    }

    private func value(_ decoder: SlotDecoder) throws(JSONFallback) -> Value {
        do { return try Value(from: decoder) } catch { throw JSONFallback() }
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        switch core.form.kind {
        case .object(let layout):
            guard case .object(let members) = input else {
                validation.reportNoObject(input)
                return nil
            }
            let decoder = SlotDecoder(layout, members)
            return decoder.fill(members, &validation) ? value(decoder, input, &validation) : nil
        case .wrapper(let layout):
            let decoder = SlotDecoder(layout)
            return decoder.fillOnly(input, &validation) ? value(decoder, input, &validation) : nil
        case .other(let schema): return schema.validate(input, &validation)
        case .unlearned:
            // While a type is learned that contains itself, nothing is known of it yet.
            if TypeLearner.current == nil { fatalError(core.form.mistake ?? "\(Value.self) has no schema") }
            validation.report("unlearned", "Input is of a type that is being learned", input: input)
            return nil
        }
    }

    /// What an initialiser refuses after all of its members have passed is an issue of the whole.
    private func value(
        _ decoder: SlotDecoder, _ input: JSONValue, _ validation: inout Validation
    ) -> Value? {
        do {
            return try Value(from: decoder)
        } catch let refusal as SlotDecoder.Refusal {
            for issue in refusal.issues { validation.report(issue) }
        } catch {
            var text = "\(error)"
            if case .dataCorrupted(let context) = error as? DecodingError { text = context.debugDescription }
            validation.report(
                "value_error", "Value error, \(text)", input: input, context: [.init("error", .string(text))])
        }
        return nil
    }

    /// A value whose `encode(to:)` throws is written as `null`, and the writer keeps the error for whoever sends what is written.
    public func write(_ value: Value, to writer: inout JSONWriter) {
        switch core.form.kind {
        case .object(let layout), .wrapper(let layout): ValueEncoder.write(value, layout, to: &writer)
        case .other(let schema): schema.write(value, &writer)
        case .unlearned: ValueEncoder.write(value, nil, to: &writer)
        }
    }

    public static var isObject: Bool {
        if case .object = CodableSchema().core.form.kind { true } else { false }
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        let form = core.form
        if let mistake = form.mistake { components.report(mistake) }
        switch form.kind {
        case .other(let schema): return schema.jsonSchema(&components)
        case .wrapper(let layout): return layout.members[0].member.describe(&components).json
        case .unlearned: return [:]
        case .object(let layout):
            return components.define(form.name, of: Value.self) { form.jsonSchema(layout, &$0) }
        }
    }

    /// Why the members cannot be parameters of their own: the type was not learned, or is no object.
    package var fieldsMistake: String? {
        if let mistake = core.form.mistake { return mistake }
        if case .object = core.form.kind { return nil }
        return "\(Value.self) is no object: its members cannot be taken one by one"
    }

    /// The members of the object that the values are; none where they are something else.
    package var members: [Member] {
        if case .object(let layout) = core.form.kind { layout.reader.members } else { [] }
    }
}

/// What all schemas of one learned type share.
final class CodableCore<Value: Codable & Sendable>: Sendable {
    private let learned = OnceReference<CodableForm<Value>>()

    /// What was learned. A thread that meets the core before another has filled it learns the type for itself, and waits for nobody.
    var form: CodableForm<Value> {
        if let form = learned.value { return form }
        if TypeLearner.current != nil { return CodableForm(.unlearned) }
        return learned.store(TypeLearner.learned(Value.self).form)
    }

    /// Keeps what was learned, unless somebody else was faster.
    func keep(_ form: CodableForm<Value>) {
        learned.store(form)
    }
}

/// What was learned of one type.
final class CodableForm<Value: Codable & Sendable>: Sendable {
    enum Kind: Sendable {
        case object(CodableLayout)
        /// Something in the place of an object: its `init(from:)` asks for one value alone.
        case wrapper(CodableLayout)
        /// An enumeration, whose cases are its schema.
        case other(ErasedSchema<Value>)
        case unlearned
    }

    let kind: Kind
    /// What could not be learned for sure, with the cure.
    let mistake: String?
    let name: String?
    private let summary: String?

    init(_ kind: Kind, _ mistake: String? = nil, name: String? = nil, summary: String? = nil) {
        self.kind = kind
        self.mistake = mistake
        self.name = name
        self.summary = summary
    }

    fileprivate func jsonSchema(
        _ layout: CodableLayout, _ components: inout SchemaComponents
    ) -> JSONValue {
        let properties = layout.members.map { member in
            let schema = components.naming("\(Value.self).\(member.member.name)") { member.jsonSchema(&$0) }
            return JSONValue.Member(member.member.name, schema)
        }
        var members: [JSONValue.Member] = [
            .init("properties", .object(properties)), .init("type", "object"),
        ]
        let required = layout.members.filter(\.member.isRequired)
        if !required.isEmpty {
            members.append(.init("required", .array(required.map { .string($0.member.name) })))
        }
        members.append(.init("title", .string(name ?? "\(Value.self)")))
        if let summary { members.append(.init("description", .string(summary))) }
        return .object(members)
    }
}

/// A schema of which only the values' type is known.
struct ErasedSchema<Value: Sendable>: Sendable {
    let read: @Sendable (inout JSONReader) throws(JSONFallback) -> Value
    let validate: @Sendable (JSONValue, inout Validation) -> Value?
    let write: @Sendable (Value, inout JSONWriter) -> Void
    let jsonSchema: @Sendable (inout SchemaComponents) -> JSONValue

    init<Content: Schema>(_ schema: Content) where Content.Value == Value {
        read = { (reader: inout JSONReader) throws(JSONFallback) in try schema.read(&reader) }
        validate = { schema.validate($0, &$1) }
        write = { schema.write($0, to: &$1) }
        jsonSchema = { schema.jsonSchema(&$0) }
    }
}
