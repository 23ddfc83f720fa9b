/// What the types of a `Described` type's members do not say:
/// `static let rules = Rules<Self> { $0.title(.string(maxLength: 40)) }`.
///
/// A rule is written by the property and takes any schema of the property's type, which the compiler checks. Which member of the JSON
/// the property is read from is found out by trying; a rule for a property that no member alone decides is a mistake of the
/// route's registration.
public struct Rules<Root: Sendable>: Sendable {
    let name: String?
    let summary: String?
    fileprivate let all: [Rule<Root>]

    init() {
        (name, summary, all) = (nil, nil, [])
    }

    /// Says what the types do not.
    ///
    /// - Parameters:
    ///   - name: the name of the component in OpenAPI; made of the type's own unless given.
    ///   - description: what JSON Schema says of the object.
    ///   - rules: a line for each property that there is something to say of.
    public init(
        name: String? = nil, description: String? = nil,
        @RuleList<Root> _ rules: (Properties<Root>) -> [Rule<Root>]
    ) {
        self.name = name
        summary = description
        all = rules(Properties())
    }
}

/// Gathers the rules written in the braces of `Rules`.
@resultBuilder
public enum RuleList<Root: Sendable> {
    public static func buildBlock(_ rules: Rule<Root>...) -> [Rule<Root>] { rules }
}

/// What is said of one property.
public struct Rule<Root: Sendable>: Sendable {
    fileprivate let property: String
    fileprivate let schema: (any Schema)?
    fileprivate let notes: MemberNotes
    /// Whether the property differs in two values.
    fileprivate let differs: @Sendable (Root, Root) -> Bool
}

/// The properties of a type, to write rules with: `$0.title`.
@dynamicMemberLookup
public struct Properties<Root: Sendable> {
    public subscript<Value>(dynamicMember path: any KeyPath<Root, Value> & Sendable) -> Property<Root, Value>
    {
        Property(path: path)
    }
}

/// One property of a type, to write a rule with: `$0.title(.string(maxLength: 40))`.
public struct Property<Root: Sendable, Value> {
    fileprivate let path: any KeyPath<Root, Value> & Sendable

    /// The property's schema, and what JSON Schema says of it.
    ///
    /// - Parameters:
    ///   - schema: how the value is read, checked and written.
    ///   - title: the title in JSON Schema; made of the member's name unless given.
    ///   - description: what JSON Schema says of the member.
    public func callAsFunction<Content: Schema>(
        _ schema: Content, title: String? = nil, description: String? = nil
    ) -> Rule<Root> where Content.Value == Value {
        rule(schema, MemberNotes(title: title, summary: description))
    }

    /// The schema of the value of an optional property where it is not `nil`.
    ///
    /// - Parameters:
    ///   - schema: how the value is read, checked and written.
    ///   - title: the title in JSON Schema; made of the member's name unless given.
    ///   - description: what JSON Schema says of the member.
    public func callAsFunction<Content: Schema>(
        _ schema: Content, title: String? = nil, description: String? = nil
    ) -> Rule<Root> where Value == Content.Value? {
        rule(schema, MemberNotes(title: title, summary: description))
    }

    /// What JSON Schema says of the property, whose schema is its type's.
    ///
    /// - Parameters:
    ///   - title: the title in JSON Schema; made of the member's name unless given.
    ///   - description: what JSON Schema says of the member.
    public func callAsFunction(title: String? = nil, description: String? = nil) -> Rule<Root> {
        rule(nil, MemberNotes(title: title, summary: description))
    }

    private func rule(_ schema: (any Schema)?, _ notes: MemberNotes) -> Rule<Root> {
        let path = path
        return Rule(property: "\(path)", schema: schema, notes: notes) { left, right in
            let (left, right) = (left[keyPath: path], right[keyPath: path])
            if let left = left as? any Equatable { return !Property.isEqual(left, right) }
            return String(describing: left) != String(describing: right)
        }
    }

    private static func isEqual<Left: Equatable>(_ left: Left, _ right: Any) -> Bool {
        left == right as? Left
    }
}

/// What JSON Schema says of a member beside its schema.
struct MemberNotes: Sendable {
    var title: String?
    var summary: String?
}

/// Rules for the members that were found: by the member's name.
struct MemberRules {
    var schemas: [String: any Schema] = [:]
    var notes: [String: MemberNotes] = [:]
}

/// Rules whose type is forgotten.
protocol AnyRules: Sendable {
    var name: String? { get }
    var summary: String? { get }
    var isEmpty: Bool { get }
    /// Finds the member of each rule: the only one whose change changes the property. `variants` has, for each member, values of the
    /// type that differ from `base` in that member alone.
    ///
    /// Gives back what is wrong where it is not one.
    func members(base: Any, variants: [(name: String, values: [Any])]) -> Result<MemberRules, LearningMistake>
}

/// Why a type was not learned.
struct LearningMistake: Error {
    let text: String
}

extension Rules: AnyRules {
    var isEmpty: Bool { all.isEmpty }

    func members(
        base: Any, variants: [(name: String, values: [Any])]
    ) -> Result<MemberRules, LearningMistake> {
        var found = MemberRules()
        guard let base = base as? Root else { return .success(found) }
        for rule in all {
            let hits = variants.filter { _, values in
                values.contains { value in (value as? Root).map { rule.differs(base, $0) } ?? false }
            }.map(\.name)
            guard hits.count == 1, let name = hits.first else {
                let read =
                    hits.isEmpty
                    ? "no member that it could be told by" : "the members \(hits.joined(separator: ", "))"
                return .failure(LearningMistake(text: "the rule for \(rule.property) reads \(read)"))
            }
            if let schema = rule.schema { found.schemas[name] = schema }
            found.notes[name] = rule.notes
        }
        return .success(found)
    }
}
