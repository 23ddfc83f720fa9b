import Crane
import CranePasswords
import CraneSchema
import HTTPTypes

/// What the room and its moderators do with comments: votes, states, blocks, and the list that shows them.
struct RoomRoutes: Sendable {
    let room: any RoomStore
    let rules: CommentRules
    let moderator: Dependency<User>

    private let id = Path("comment_id", Int.self)
    private static let missing = "Comment not found"

    private var notFound: HTTPError { HTTPError(.notFound, Self.missing) }

    func register(in app: inout App) {
        registerVotes(in: &app)
        registerModeration(in: &app)
        registerList(in: &app)
    }

    private func registerVotes(in app: inout App) {
        app.put("/comments/{comment_id}/vote", id, RequestInput(), ContextInput(), ResponseInput()) {
            [self] id, request, context, changes in
            try await vote(true, for: id, request, context, changes)
        }
        .name("vote").description("Vote for a comment: one vote a participant.").tags("comments")
        .responds(.notFound, Self.missing).refusesVotes()
        app.delete("/comments/{comment_id}/vote", id, RequestInput(), ContextInput(), ResponseInput()) {
            [self] id, request, context, changes in
            try await vote(false, for: id, request, context, changes)
        }
        .name("take_vote_back").description("Take a vote back.").tags("comments")
        .responds(.notFound, Self.missing).refusesVotes()
    }

    /// A participant who comes without a token gets one in a cookie.
    private func vote(
        _ isGiven: Bool, for id: Int, _ request: Request, _ context: Context, _ changes: ResponseChanges
    ) async throws -> VoteCount {
        let known = VoterToken.sent(in: request).flatMap(Participant.init(token:))
        let token = known == nil ? SecretToken.random() : ""
        guard let participant = known ?? Participant(token: token) else { throw notFound }
        try await rules.rates.check(participant, context)
        guard let votes = try await room.setVote(isGiven, for: id, by: participant, on: context.loop) else {
            throw notFound
        }
        if known == nil {
            changes.setCookie(VoterToken.cookie(token, isSecure: context.scheme == .https))
        }
        return VoteCount(votes: votes)
    }

    private func registerModeration(in app: inout App) {
        app.put("/comments/{comment_id}/state", id, moderator, Body(CommentStateUpdate.self)) {
            [room, notFound] id, _, update in
            guard let comment = try await room.set(id, update) else { throw notFound }
            return comment
        }
        .name("update_comment_state")
        .description("Show, hide, stage, pin or answer a comment; for moderators.").tags("comments")
        .responds(.notFound, Self.missing)
        .responds(.conflict, "A comment that is not shown cannot be on the stage").refusesOthers()
        app.put("/comments/{comment_id}/block", id, moderator, Body(BlockCreate.self)) {
            [room, notFound] id, _, block in
            guard let end = try await room.block(authorOf: id, for: .seconds(block.seconds)) else {
                throw notFound
            }
            return ParticipantBlock(until: end)
        }
        .name("block_author")
        .description("Block whoever wrote a comment for a time, ten minutes unless said; for moderators.")
        .tags("comments").responds(.notFound, Self.missing)
        .responds(.conflict, "The comment came without a participant's token").refusesOthers()
        app.delete("/comments/{comment_id}/block", id, moderator) { [room, notFound] id, _ in
            guard try await room.block(authorOf: id, for: .zero) != nil else { throw notFound }
            return Message(message: "Block lifted")
        }
        .name("lift_block").description("Let whoever wrote a comment in again; for moderators.")
        .tags("comments").responds(.notFound, Self.missing)
        .responds(.conflict, "The comment came without a participant's token").refusesOthers()
    }

    private func registerList(in app: inout App) {
        app.get(
            "/talks/{talk_id}/comments", Path("talk_id", Int.self),
            Query("state", CommentState.schema, default: .shown),
            Query("sort", CommentOrder.schema, default: .id), Query("offset", .int(ge: 0), default: 0),
            Query("limit", .int(in: 1...CommentQuery.maximumLimit), default: CommentQuery.maximumLimit),
            RequestInput(), ContextInput()
        ) { [room, rules] talkID, state, sort, offset, limit, request, context in
            if state != .shown, try await !rules.isModerator(request) {
                throw HTTPError(.forbidden, "For moderators")
            }
            let query = RoomQuery(talkID: talkID, state: state, order: sort, offset: offset, limit: limit)
            return try await room.list(query, on: context.loop, for: context.client)
        }
        .name("read_talk_comments")
        .description(
            "Read a talk's comments with votes, stages and answers; those that wait or are hidden with a moderator's token."
        )
        .tags("talks").responds(.forbidden, "For moderators")
    }
}

extension Route {
    @discardableResult
    fileprivate func refusesVotes() -> Route {
        responds(.conflict, "The talk is closed").responds(
            .forbidden, "A moderator has blocked you for a while"
        )
        .responds(.tooManyRequests, "Rate limit exceeded")
    }
}
