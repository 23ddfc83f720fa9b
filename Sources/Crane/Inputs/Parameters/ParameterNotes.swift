import CraneSchema

/// What a parameter is called and what is said about it.
@usableFromInline
final class ParameterNotes: Sendable {
    @usableFromInline let name: String
    @usableFromInline let place: InputLocation
    @usableFromInline let isList: Bool
    /// Whether an empty text counts as none: in forms, where the value need not be sent.
    @usableFromInline let emptyIsAbsent: Bool
    let title: String?
    let description: String?
    let isDeprecated: Bool

    @usableFromInline
    init(
        name: String, place: InputLocation, title: String?, description: String?, isDeprecated: Bool,
        isList: Bool, emptyIsAbsent: Bool
    ) {
        self.name = name
        self.place = place
        self.isList = isList
        self.emptyIsAbsent = emptyIsAbsent
        self.title = title
        self.description = description
        self.isDeprecated = isDeprecated
    }

    /// What OpenAPI says of the parameter, whose schema and default `describe` tells.
    @usableFromInline
    func described(
        isRequired: Bool, isText: Bool,
        by describe: @escaping @Sendable (inout SchemaComponents) -> (json: JSONValue, fallback: JSONValue?)
    ) -> InputsDescription.DescribedParameter {
        InputsDescription.DescribedParameter(
            notes: self, isRequired: isRequired, isText: isText,
            schema: { [self] components in
                let (json, fallback) = describe(&components)
                return SchemaNotes.annotated(
                    json, name: name, title: title, description: description, fallback: fallback)
            })
    }

    /// Where its issues are.
    @usableFromInline
    var location: [LocationPart] { [.key(place.rawValue), .key(name)] }
}
