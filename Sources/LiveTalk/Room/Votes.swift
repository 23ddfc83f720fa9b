import CraneSchema

/// How many votes a comment has.
struct Votes: Hashable, Sendable {
    let votes: Int
}

extension Votes: SchemaRepresentable {
    static let schema = Object(Votes.init, name: "Votes") {
        Field("votes", \.votes)
    }
}
