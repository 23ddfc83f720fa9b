/// The named JSON Schemas of one OpenAPI document, gathered while its parts are described.
///
/// Types are told apart by their component's name: two types that share one are taken for the same.
public struct SchemaComponents: Sendable {
    private var definitions: [String: JSONValue] = [:]

    public init() {}

    /// The reference to a named schema, which `make` describes where it is met for the first time.
    public mutating func define(
        _ name: String, _ make: (inout SchemaComponents) -> JSONValue
    ) -> JSONValue {
        if definitions[name] == nil {
            // Holds the place, so that a type that contains itself ends here.
            definitions[name] = .null
            definitions[name] = make(&self)
        }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// All schemas, sorted by name: the value of `components.schemas`.
    public var schemas: JSONValue {
        .object(definitions.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value) })
    }
}
