import CraneSchema

enum Kind: String, CaseIterable, Describable {
    case small
    case large

    static let schema = Choice<Kind>()
}
