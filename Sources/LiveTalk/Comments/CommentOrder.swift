import CraneSchema

/// The order of a list of comments.
enum CommentOrder: String, Sendable, CaseIterable, SchemaRepresentable {
    /// By id, which is the order in which they were posted.
    case id
    /// The latest first.
    case newest
    /// Those with most votes first, by id where they have as many.
    case top

    static let schema = Choice<CommentOrder>(name: "CommentOrder", description: "The order of a list")
}
