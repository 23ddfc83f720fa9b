/// A type whose schema is learned from its `Codable` conformance: `struct NewPost: Described { var title: String }`.
///
/// The members, their types and which may be left out are what `init(from:)` asks for, which is tried out once when the schema is
/// first needed; what could not be learned for sure is a mistake of the route's registration. Use `Object` where the initialiser
/// asks for other members depending on what it is given, and where each microsecond counts.
public protocol Described: Codable, SchemaRepresentable where Description == CodableSchema<Self> {
    /// What the types do not say: bounds, titles, descriptions. None unless given.
    static var rules: Rules<Self> { get }

    /// A value that `init(from:)` takes, for a type that accepts none of the values that it is tried with. None unless given.
    static var example: Self? { get }
}

extension Described {
    public static var rules: Rules<Self> { Rules() }
    public static var example: Self? { nil }
    public static var schema: CodableSchema<Self> { CodableSchema() }
}

extension Described {
    /// The rules with their type forgotten.
    static var anyRules: any AnyRules { rules }
    static var anyExample: (any Encodable)? { example }
}
