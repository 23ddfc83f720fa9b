/// How a route's inputs want the body read.
@usableFromInline
struct BodyPlan: Sendable, Equatable {
    @usableFromInline
    enum Kind: Sendable, Equatable {
        case json
    }

    @usableFromInline let kind: Kind
    /// The most bytes that are taken.
    let limit: Int
}
