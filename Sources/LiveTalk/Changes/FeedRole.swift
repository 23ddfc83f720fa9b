import CraneSchema

/// Whose feed it is.
enum FeedRole: String, Sendable, CaseIterable, SchemaRepresentable {
    /// Everybody's: knows of nothing that is held back.
    case audience
    /// A moderator's: every change.
    case moderator

    static let schema = Choice<FeedRole>(name: "FeedRole", description: "Whose feed it is")
}
