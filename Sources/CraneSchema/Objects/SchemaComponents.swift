/// The named JSON Schemas of one OpenAPI document, gathered while its parts are described.
///
/// Several types may share a component's name only where their schemas are equal. Of types of one name, the later ones are
/// called by their module too; names that the code gives must differ.
public struct SchemaComponents: Sendable {
    /// What one type is under its name; `schema` is `nil` while it is being described.
    private struct Definition {
        let type: Any.Type
        var schema: JSONValue?

        /// The type's name with its module: for mistakes only, as making it costs 100,000 instructions.
        var typeName: String { String(reflecting: type) }
    }

    private var definitions: [String: [Definition]] = [:]
    /// Whether schemas are written; else they are only asked for what is wrong with them, and what they give back says nothing.
    @usableFromInline package let isWritten: Bool
    /// The types that were met where nothing is written, with the names that they would have, given or their own: a handful.
    private var met: [(name: String, isGiven: Bool, type: Any.Type)] = []
    /// Whether two types that were met would have one name: only their schemas tell whether they may.
    package private(set) var hasTwins = false
    /// The first mistake met in a description, for the route that has it.
    package private(set) var mistake: String?

    public init() {
        isWritten = true
    }

    /// Components of which nothing is kept but the first mistake.
    package static var forMistakes: SchemaComponents { SchemaComponents(isWritten: false) }

    private init(isWritten: Bool) {
        self.isWritten = isWritten
    }

    /// The reference to the schema of `type` under a given name, or else its own.
    mutating func define(
        _ name: String?, of type: Any.Type, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        if let name { define(name, of: type, make) } else { define(of: type, make) }
    }

    /// The reference to the schema of `type` under the type's own name; where that is taken by a type with another schema,
    /// the name with the module before it.
    ///
    /// What a component's name cannot hold becomes `_`: `Page<Talk>` is `Page_Talk_`.
    public mutating func define(
        of type: Any.Type, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        if !isWritten, met.contains(where: { $0.type == type && !$0.isGiven }) { return .null }
        // Interpolation knows a type when it sees one; `String(describing:)` first tries what else it could be.
        let name = Self.componentName("\(type)")
        if !isWritten { return meet(name, isGiven: false, type, make) }
        let others = definitions[name, default: []]
        guard let first = others.first, !others.contains(where: { $0.type == type }) else {
            return define(name, of: type, make)
        }
        let long = Self.componentName(String(reflecting: type))
        var apart = self
        let reference = apart.define(long, of: type, make)
        let schema = apart.definitions[long]?.first { $0.type == type }?.schema
        if let schema, schema.replacing(reference, with: Self.reference(name)) == first.schema {
            return define(name, of: type, make)
        }
        self = apart
        return reference
    }

    /// The name with `_` for what the key of a component cannot hold, as pydantic does it.
    public static func componentName(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            name.unicodeScalars.append(isNameScalar(scalar) ? scalar : "_")
        }
        return name
    }

    /// Whether a component can be called so.
    package static func isComponentName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy(isNameScalar)
    }

    package static func nameMistake(_ name: String) -> String {
        "the name '\(name)' is not of letters, digits, '.', '_' and '-', as OpenAPI wants it"
    }

    /// OpenAPI 3.1, section 4.8.7: `^[a-zA-Z0-9._-]+$`.
    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    private static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// The reference to the schema of `type`, which `make` describes where it is met for the first time.
    public mutating func define(
        _ name: String, of type: Any.Type, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        if !Self.isComponentName(name) { report(Self.nameMistake(name)) }
        if !isWritten { return meet(name, isGiven: true, type, make) }
        let index = definitions[name, default: []].count
        if definitions[name]?.contains(where: { $0.type == type }) != true {
            // Holds the place, so that a type that contains itself ends here.
            definitions[name, default: []].append(Definition(type: type))
            let schema = make(&self)
            definitions[name]?[index].schema = schema
            compare(name)
        }
        return Self.reference(name)
    }

    /// Asks a type that is met for the first time under its name for its mistakes.
    private mutating func meet(
        _ name: String, isGiven: Bool, _ type: Any.Type, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        let namesakes = met.filter { $0.name == name }
        if namesakes.contains(where: { $0.type == type }) { return .null }
        if !namesakes.isEmpty { hasTwins = true }
        met.append((name, isGiven, type))
        _ = make(&self)
        return .null
    }

    private mutating func compare(_ name: String) {
        let known = (definitions[name] ?? []).filter { $0.schema != nil }
        guard let first = known.first,
            let other = known.dropFirst().first(where: { $0.schema != first.schema })
        else { return }
        report(
            "\(first.typeName) and \(other.typeName) are both called \(name) in OpenAPI; "
                + "give one of their schemas another `name:`")
    }

    /// Notes what is wrong with a description; the first mistake counts.
    package mutating func report(_ mistake: String) {
        if self.mistake == nil { self.mistake = mistake }
    }

    /// Describes a part, whose name is put before a mistake that is met in it, and made for that alone.
    package mutating func naming(
        _ part: @autoclosure () -> String, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        let isFirst = mistake == nil
        let schema = make(&self)
        if isFirst, let mistake { self.mistake = "\(part()): \(mistake)" }
        return schema
    }

    /// Notes a default or an example that could not be sent.
    @inlinable
    package mutating func check<Content: Schema>(
        _ value: Content.Value, of schema: Content, as what: String = "default"
    ) {
        check(as: what) { schema.validate(schema.tree(value), &$0) != nil }
    }

    @usableFromInline
    package mutating func check(as what: String, _ isTaken: (inout Validation) -> Bool) {
        // A schema with a mistake of its own cannot be asked.
        guard mistake == nil else { return }
        var validation = Validation(at: [])
        if !isTaken(&validation) {
            report("its own \(what) is refused: \(validation.issues.first?.message ?? "")")
        }
    }

    /// Notes a range without a value in it.
    package mutating func check(_ least: Int, _ leastName: String, _ most: Int, _ mostName: String) {
        if least > most { report("\(leastName) \(least) is above \(mostName) \(most)") }
    }

    /// All schemas, sorted by name: the value of `components.schemas`.
    public var schemas: JSONValue {
        .object(
            definitions.sorted { $0.key < $1.key }.map {
                JSONValue.Member($0.key, $0.value.first?.schema ?? .null)
            })
    }
}

extension JSONValue {
    /// The tree with another in the place of one value, wherever that stands.
    fileprivate func replacing(_ old: JSONValue, with new: JSONValue) -> JSONValue {
        if self == old { return new }
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(old, with: new) })
        case .object(let members):
            return .object(members.map { Member($0.key, $0.value.replacing(old, with: new)) })
        default: return self
        }
    }
}
