import CranePostgres
import CraneSchema

extension PostgresCommentStore {
    /// The lock of all who write: it is let go after its transaction has become visible, and the next one draws its numbers after it has it.
    ///
    /// A statement of its own before those that read: they see what the one before has written.
    static let lock: PostgresQuery = "SELECT pg_advisory_xact_lock(7)"

    /// Enters a change of a comment behind the last one of its talk.
    private static func log(
        _ kind: ChangeKind, of comment: Comment, at now: Timestamp
    ) -> PostgresQuery {
        """
        INSERT INTO change (talk_id, seq, kind, comment_id, at)
        SELECT \(comment.talkID), coalesce(max(seq), 0) + 1, \(kind.rawValue)::smallint, \(comment.id), \(now)
        FROM change WHERE talk_id = \(comment.talkID)
        """
    }

    /// Posts once for a key: whoever comes second waits for the lock, and finds what the first has done.
    func insert(_ post: CommentPost, _ key: PostKey) async throws -> Comment {
        let comment = post.comment
        let digest = IdempotencyKeys.digest(of: comment, key)
        return try await database.transaction { transaction in
            try await transaction.execute(Self.lock)
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
                return post.inserted(try known.int("comment_id"), at: createdAt)
            }
            let inserted = try await transaction.execute(CommentBatches.insertion(of: [post]))
            let result = post.inserted(try inserted[0].int("id"), at: post.at)
            // A new key clears more old ones away than it adds.
            try await transaction.execute(
                """
                DELETE FROM comment_key WHERE key IN (
                    SELECT key FROM comment_key WHERE created_at <= \(oldest) ORDER BY created_at LIMIT 8)
                """)
            try await transaction.execute(
                """
                INSERT INTO comment_key (key, comment_id, digest, created_at)
                VALUES (\(key.text), \(result.id), \(PostgresBytes(digest)), \(post.at))
                ON CONFLICT (key) DO UPDATE SET comment_id = excluded.comment_id, digest = excluded.digest,
                    created_at = excluded.created_at
                """)
            return result
        }
    }

    func change(
        _ id: Int, to text: String, _ words: String, if condition: CommentCondition?
    ) async throws -> Comment? {
        try await database.transaction { transaction in
            guard let old = try await Self.locked(id, if: condition, transaction) else { return nil }
            if old.text.utf8.elementsEqual(text.utf8) { return old }
            let changed = try await transaction.execute(
                """
                UPDATE comment SET comment_text = \(PostgresBytes(Array(text.utf8))), words = \(words)::tsvector,
                    updated_at = greatest(\(now()), updated_at + interval '1 microsecond')
                WHERE id = \(id) RETURNING \(raw: Self.columns)
                """
            ).rows(Comment.self)
            guard let comment = changed.first else { return nil }
            try await transaction.execute(Self.log(.updated, of: comment, at: comment.updatedAt))
            return comment
        }
    }

    func remove(_ id: Int, if condition: CommentCondition?) async throws -> Bool {
        try await database.transaction { transaction in
            guard let comment = try await Self.locked(id, if: condition, transaction) else { return false }
            try await transaction.execute("DELETE FROM comment WHERE id = \(id)")
            try await transaction.execute(Self.log(.deleted, of: comment, at: now()))
            return true
        }
    }

    /// The comment as it is under the lock; throws `CommentConflict.changed` where it does not meet the condition.
    private static func locked(
        _ id: Int, if condition: CommentCondition?, _ transaction: PostgresTransaction
    ) async throws -> Comment? {
        try await transaction.execute(lock)
        let found = try await transaction.execute("SELECT \(raw: columns) FROM comment WHERE id = \(id)")
        guard let comment = try found.rows(Comment.self).first else { return nil }
        guard condition?(comment) ?? true else { throw CommentConflict.changed }
        return comment
    }
}
