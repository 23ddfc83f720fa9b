import CraneSchema

/// What a moderator makes of a comment; what is left out stays as it is.
struct CommentStateUpdate: Hashable, Sendable {
    let state: CommentState?
    let stage: CommentStage?
    let isPinned: Bool?
    /// What the moderator answers; empty for no answer any more.
    let answer: String?
}

extension CommentStateUpdate: SchemaRepresentable {
    static let schema = Object(
        CommentStateUpdate.init, name: "CommentStateUpdate",
        description: "What a moderator makes of a comment; what is left out stays as it is"
    ) {
        Field("state", \.state, default: nil)
        Field("stage", \.stage, default: nil)
        Field("pinned", \.isPinned, default: nil)
        Field(
            "answer", \.answer, .optional(.string(maxLength: 10_000)), default: nil,
            description: "What the moderator answers; empty for no answer any more")
    }
}
