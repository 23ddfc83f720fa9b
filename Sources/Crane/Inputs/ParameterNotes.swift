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

    /// Where its issues are.
    @usableFromInline
    var location: [LocationPart] { [.key(place.rawValue), .key(name)] }
}
