import CraneSchema

/// How a route's inputs want the body read.
@usableFromInline
struct BodyPlan: Sendable, Equatable {
    @usableFromInline
    enum Kind: Sendable, Equatable {
        case json
        /// Fields, of whichever of the two types for forms the client sends.
        case form
        /// As it comes, by the handler itself.
        case stream
    }

    @usableFromInline let kind: Kind
    /// The most bytes that are taken.
    let limit: Int
    /// Of these, the most that the files of a name take together.
    var uploadLimits: [Spelling: Int] = [:]
}
