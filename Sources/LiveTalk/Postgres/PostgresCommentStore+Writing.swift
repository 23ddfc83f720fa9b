import CranePostgres
import CraneSchema

extension PostgresCommentStore {
    /// Posts once for a key: whoever comes second waits for the lock, and finds what the first has done.
    func insert(_ post: CommentPost, _ key: PostKey) async throws -> CommentPost.Outcome {
        let comment = post.comment
        let digest = IdempotencyKeys.digest(of: comment, key)
        return try await database.transaction { transaction in
            try await transaction.execute(PostgresChangeLog.lock)
            let oldest = Timestamp(microseconds: post.at.microseconds - IdempotencyKeys.lifetime)
            let known = try await transaction.execute(
                """
                SELECT comment_id, digest, created_at FROM comment_key
                WHERE key = \(key.text) AND created_at > \(oldest)
                """
            ).first
            if let known {
                guard try known.blob("digest") == digest else { throw CommentConflict.keyReused }
                let createdAt = try known.timestamp("created_at")
                return .inserted(post.inserted(try known.int("comment_id"), at: createdAt))
            }
            let rows = try await transaction.execute(CommentPost.insertion(of: [post]))
            let outcome = try post.outcome(rows[0])
            guard case .inserted(let comment) = outcome else { return outcome }
            // A new key clears more old ones away than it adds.
            try await transaction.execute(
                """
                DELETE FROM comment_key WHERE key IN (
                    SELECT key FROM comment_key WHERE created_at <= \(oldest) ORDER BY created_at LIMIT 8)
                """)
            try await transaction.execute(
                """
                INSERT INTO comment_key (key, comment_id, digest, created_at)
                VALUES (\(key.text), \(comment.id), \(PostgresBytes(digest)), \(post.at))
                ON CONFLICT (key) DO UPDATE SET comment_id = excluded.comment_id, digest = excluded.digest,
                    created_at = excluded.created_at
                """)
            return outcome
        }
    }

    func change(
        _ id: Int, to text: String, _ words: String, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> Comment? {
        try await database.transaction { transaction in
            guard let (old, isShown) = try await Self.locked(id, if: condition, by: editor, transaction)
            else {
                return nil
            }
            if old.text.utf8.elementsEqual(text.utf8) { return old }
            let changed = try await transaction.execute(
                """
                UPDATE \(raw: isShown ? "comment" : "held_comment")
                SET comment_text = \(PostgresBytes(Array(text.utf8))), words = \(words)::tsvector,
                    updated_at = greatest(\(now()), updated_at + interval '1 microsecond')
                WHERE id = \(id) RETURNING \(raw: Self.columns)
                """
            ).rows(Comment.self)
            guard let comment = changed.first else { return nil }
            var waits = false
            if isShown, editor != .moderator {
                waits = try await TalkRules.find(comment.talkID, transaction)?.holds(text) ?? false
            }
            if waits { try await transaction.execute(PostgresHeldComment.holding(id, as: .waiting)) }
            try await transaction.execute(
                PostgresChangeLog.entry(
                    waits ? .hidden : .updated, of: id, in: comment.talkID, at: comment.updatedAt,
                    isOpen: isShown))
            return comment
        }
    }

    func remove(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws -> Bool {
        try await database.transaction { transaction in
            guard let (comment, isShown) = try await Self.locked(id, if: condition, by: editor, transaction)
            else { return false }
            try await transaction.execute(
                """
                WITH held AS (DELETE FROM held_comment WHERE id = \(id)),
                    stands AS (DELETE FROM standing WHERE comment_id = \(id)),
                    votes AS (DELETE FROM vote WHERE comment_id = \(id)),
                    authors AS (DELETE FROM author WHERE comment_id = \(id))
                DELETE FROM comment WHERE id = \(id)
                """)
            try await transaction.execute(
                PostgresChangeLog.entry(.deleted, of: id, in: comment.talkID, at: now(), isOpen: isShown))
            return true
        }
    }

    /// The comment as it is under the lock, as far as the editor reaches, and whether everybody sees it; throws
    /// `CommentConflict.changed` where it does not meet the condition.
    private static func locked(
        _ id: Int, if condition: CommentCondition?, by editor: CommentEditor,
        _ transaction: PostgresTransaction
    ) async throws -> (comment: Comment, isShown: Bool)? {
        try await transaction.execute(PostgresChangeLog.lock)
        for table in editor == .anybody ? ["comment"] : ["comment", "held_comment"] {
            let found = try await transaction.execute(
                "SELECT \(raw: columns) FROM \(raw: table) WHERE id = \(id)")
            guard let comment = try found.rows(Comment.self).first else { continue }
            guard condition?(comment) ?? true else { throw CommentConflict.changed }
            return (comment, table == "comment")
        }
        return nil
    }
}
