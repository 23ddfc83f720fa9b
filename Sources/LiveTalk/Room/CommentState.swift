import CraneSchema

/// Who sees a comment.
enum CommentState: String, Sendable, CaseIterable, SchemaRepresentable {
    /// Moderators only, until one has looked at it.
    case waiting
    /// Everybody.
    case shown
    /// Moderators only, since one has decided so.
    case hidden

    static let schema = Choice<CommentState>(
        name: "CommentState", description: "Who sees a comment: everybody, or moderators only")
}

/// Where a comment is on its way over the stage.
enum CommentStage: String, Sendable, CaseIterable, SchemaRepresentable {
    case none, queued
    /// On the stage; one of a talk at a time.
    case now
    case answered

    static let schema = Choice<CommentStage>(
        name: "CommentStage", description: "Where a comment is on its way over the stage")
}
