import CraneSchema

/// How many votes a comment has.
struct VoteCount: Hashable, Sendable {
    let votes: Int
}

extension VoteCount: SchemaRepresentable {
    static let schema = Object(VoteCount.init, name: "Votes") {
        Field("votes", \.votes)
    }
}
