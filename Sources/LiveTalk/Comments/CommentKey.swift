import CraneSQLite
import Schema

/// The Idempotency-Keys that posts came with, each with the post as it was answered.
enum CommentKey {
    static let maximumLength = 255
    /// How long a key is remembered, in microseconds: a day.
    static let lifetime = 86_400_000_000
    /// How many old keys a new one clears away, so that the table shrinks faster than it grows.
    private static let cleared = 8

    /// The comment that this key posted in the last day.
    ///
    /// Throws `CommentConflict.keyReused` when that was another one than `comment` would be.
    static func find(
        _ key: String, for comment: CommentCreate, at now: Timestamp, _ connection: Connection
    ) throws -> Comment? {
        let row = try connection.prepare(
            """
            SELECT comment_id, talk_id, user_ip, comment_text, created_at, created_at FROM comment_key
            WHERE key = ?1 AND created_at > ?2
            """)
        try row.bind(key, at: 1)
        try row.bind(now.microseconds - lifetime, at: 2)
        guard try row.step() else { return nil }
        let earlier = Comment(row: row)
        // Byte by byte: strings also compare equal when only their spelling in Unicode differs.
        guard earlier.talkID == comment.talkID, earlier.userIP.utf8.elementsEqual(comment.userIP.utf8),
            earlier.text.utf8.elementsEqual(comment.text.utf8)
        else { throw CommentConflict.keyReused }
        return earlier
    }

    /// Remembers the post in the transaction that inserts it.
    static func remember(_ key: String, _ comment: Comment, _ connection: Connection) throws {
        let clear = try connection.prepare(
            """
            DELETE FROM comment_key WHERE key IN
                (SELECT key FROM comment_key WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2)
            """)
        try clear.bind(comment.createdAt.microseconds - lifetime, at: 1)
        try clear.bind(cleared, at: 2)
        try clear.run()
        let insert = try connection.prepare(
            """
            INSERT OR REPLACE INTO comment_key (key, comment_id, talk_id, user_ip, comment_text, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        try insert.bind(key, at: 1)
        try insert.bind(comment.id, at: 2)
        try insert.bind(comment.talkID, at: 3)
        try insert.bind(comment.userIP, at: 4)
        try insert.bind(comment.text, at: 5)
        try insert.bind(comment.createdAt.microseconds, at: 6)
        try insert.run()
    }
}
