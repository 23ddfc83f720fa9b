/// Whose feed it is.
enum FeedRole: String, Sendable, CaseIterable {
    /// Everybody's: knows of nothing that is held back.
    case audience
    /// A moderator's: every change.
    case moderator
}
