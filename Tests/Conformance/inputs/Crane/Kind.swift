import CraneSchema

enum Kind: String, CaseIterable, SchemaRepresentable {
    case small
    case large

    static let schema = Choice<Kind>()
}
