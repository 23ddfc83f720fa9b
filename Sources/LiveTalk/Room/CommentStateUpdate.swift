import CraneSchema

/// What a moderator makes of a comment; what is left out stays as it is.
struct CommentStateUpdate: Hashable, Sendable {
    let state: CommentState?
    let stage: CommentStage?
    let isPinned: Bool?
    /// What the moderator answers; empty for no answer any more.
    let answer: String?

    /// The state that a comment is to have.
    ///
    /// Throws `TalkConflict.notShown` where it is to be on the stage and nobody is to see it.
    func state(of comment: RoomComment) throws -> CommentState {
        let state = state ?? comment.state
        if state != .shown, stage == .now { throw TalkConflict.notShown }
        return state
    }

    /// What becomes of a comment that has its state already.
    func applied(to comment: RoomComment) -> RoomComment {
        let answer = answer ?? comment.answer
        return RoomComment(
            id: comment.id, talkID: comment.talkID, text: comment.text, name: comment.name,
            createdAt: comment.createdAt, updatedAt: comment.updatedAt, state: comment.state,
            stage: stage ?? comment.stage, isPinned: isPinned ?? comment.isPinned, votes: comment.votes,
            answer: answer?.isEmpty ?? true ? nil : answer)
    }
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
