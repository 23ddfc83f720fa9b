import CranePostgres
import CraneSchema

// Each act is one transaction under the lock of all who write.
extension PostgresRoomStore {
    func set(_ id: Int, _ update: CommentStateUpdate) async throws -> RoomComment? {
        try await write { transaction in
            guard let found = try await Self.find(id, transaction) else { return nil }
            let now = now()
            let state = try update.state(of: found)
            if state != found.state {
                try await Self.move(found, to: state, at: now, transaction)
            }
            guard let old = try await Self.find(id, transaction) else { return nil }
            let new = update.applied(to: old)
            if new != old {
                if new.stage == .now { try await Self.clearStage(for: new, at: now, transaction) }
                try await transaction.execute(Self.standing(new))
                try await transaction.execute(
                    PostgresChangeLog.entry(
                        .stage, of: id, in: new.talkID, at: now, isOpen: state == .shown))
            }
            return new
        }
    }

    private static func find(_ id: Int, _ transaction: PostgresTransaction) async throws -> RoomComment? {
        try await transaction.execute(RoomComment.finding(id)).rows(RoomComment.self).first
    }

    private static func move(
        _ comment: RoomComment, to state: CommentState, at now: Timestamp, _ transaction: PostgresTransaction
    ) async throws {
        let (id, talkID) = (comment.id, comment.talkID)
        switch (comment.state, state) {
        case (.shown, _):
            try await transaction.execute(PostgresHeldComment.holding(id, as: state))
            try await transaction.execute(PostgresChangeLog.entry(.hidden, of: id, in: talkID, at: now))
        case (_, .shown):
            try await transaction.execute(PostgresHeldComment.releasing(id))
            try await transaction.execute(PostgresChangeLog.entry(.restored, of: id, in: talkID, at: now))
        default:
            try await transaction.execute(
                "UPDATE held_comment SET state = \(state.rawValue) WHERE id = \(id)")
            try await transaction.execute(
                PostgresChangeLog.entry(.hidden, of: id, in: talkID, at: now, isOpen: false))
        }
    }

    /// Puts what is on the stage back into the queue: a moderator says which was answered.
    private static func clearStage(
        for comment: RoomComment, at now: Timestamp, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            WITH cleared AS (
                UPDATE standing SET stage = 'queued'
                WHERE talk_id = \(comment.talkID) AND stage = 'now' AND comment_id <> \(comment.id) RETURNING comment_id
            ), entry AS (
                SELECT \(comment.talkID) AS talk_id, row_number() OVER (ORDER BY comment_id) AS place,
                    \(ChangeKind.stage.rawValue)::int AS kind, true AS is_open, comment_id, \(now) AS at FROM cleared
            ), \(raw: PostgresChangeLog.entering)
            SELECT FROM numbered
            """)
    }

    private static func standing(_ comment: RoomComment) -> PostgresQuery {
        """
        INSERT INTO standing (comment_id, talk_id, stage, is_pinned, answer)
        VALUES (\(comment.id), \(comment.talkID), \(comment.stage.rawValue), \(comment.isPinned),
            \(comment.answer.map { PostgresBytes(Array($0.utf8)) }))
        ON CONFLICT (comment_id) DO UPDATE
        SET stage = excluded.stage, is_pinned = excluded.is_pinned, answer = excluded.answer
        """
    }

    func block(authorOf id: Int, for duration: Duration) async throws -> Timestamp? {
        try await write { transaction in
            guard try await Self.find(id, transaction) != nil else { return nil }
            let authors = try await transaction.execute(
                "SELECT participant FROM author WHERE comment_id = \(id)")
            guard let author = try authors.first?.blob("participant") else {
                throw TalkConflict.authorUnknown
            }
            let now = now()
            let end = now + duration
            // Those that are over go, so that the table holds the present ones.
            try await transaction.execute("DELETE FROM block WHERE ends_at <= \(now)")
            try await transaction.execute(
                """
                INSERT INTO block (participant, ends_at) VALUES (\(PostgresBytes(author)), \(end))
                ON CONFLICT (participant) DO UPDATE SET ends_at = excluded.ends_at
                """)
            return end
        }
    }
}
