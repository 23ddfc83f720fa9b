import CranePasswords
import CraneSQLite
import CraneSchema

/// What the client of a post calls it, so that it is done once however often it is sent.
struct PostKey: Hashable, Sendable {
    let text: String
    /// Whether a post from another address is another post: where the client says the address, as a part of the comment.
    var countsAddress = true
}

/// The Idempotency-Keys that posts came with, each with a digest of its post and the comment's id and time.
///
/// They are one namespace for all clients: who comes back from another network is the same client.
enum IdempotencyKeys {
    static let maximumLength = 255
    /// How long a key is remembered, in microseconds: a day.
    static let lifetime = 86_400_000_000
    /// How many comments with a newer id there may be, which bounds the table whatever is posted in a day.
    private static let newer = 1_000_000
    /// How many old keys a new one clears away, so that the table shrinks faster than it grows.
    private static let cleared = 8

    /// What was posted, as 32 bytes: its BLAKE2b-256 hash.
    static func digest(of comment: CommentCreate, _ key: PostKey) -> [UInt8] {
        let content =
            key.countsAddress
            ? content(of: comment) : Array("\(comment.talkID):-:".utf8) + Array(comment.text.utf8)
        return BLAKE2b.hash(content)
    }

    /// What was posted, byte by byte: strings also compare equal when only their spelling in Unicode differs.
    private static func content(of comment: CommentCreate) -> [UInt8] {
        Array("\(comment.talkID):\(comment.userIP.utf8.count):\(comment.userIP)".utf8)
            + Array(comment.text.utf8)
    }

    /// The comment that this key posted in the last day.
    ///
    /// Throws `CommentConflict.keyReused` when that was another one than `comment`, of this digest, would be.
    static func find(
        _ key: String, for comment: CommentCreate, _ digest: [UInt8], at now: Timestamp,
        _ connection: Connection
    ) throws -> Comment? {
        let row = try connection.prepare(
            """
            SELECT comment_id, digest, created_at FROM comment_key WHERE key = :key AND created_at > :oldest
            """)
        try row.bind("key", key)
        try row.bind("oldest", now.microseconds - lifetime)
        guard try row.step() else { return nil }
        let kept = try row.blob("digest")
        // Of the day before the digests came the whole content is kept (see `Migration.keyDigests`).
        guard kept == digest || kept == content(of: comment) else { throw CommentConflict.keyReused }
        let createdAt = try row.value("created_at", as: Timestamp.self)
        return Comment(
            id: try row.int("comment_id"), talkID: comment.talkID, userIP: comment.userIP, text: comment.text,
            createdAt: createdAt, updatedAt: createdAt)
    }

    /// Remembers the post in the transaction that inserts it.
    static func remember(
        _ key: String, _ digest: [UInt8], _ comment: Comment, _ connection: Connection
    ) throws {
        let clear = try connection.prepare(
            """
            DELETE FROM comment_key WHERE key IN (
                SELECT key FROM (SELECT * FROM comment_key ORDER BY created_at LIMIT :limit)
                WHERE created_at <= :oldest OR comment_id <= :lowest)
            """)
        try clear.bind("oldest", comment.createdAt.microseconds - lifetime)
        try clear.bind("lowest", comment.id - newer)
        try clear.bind("limit", cleared)
        try clear.run()
        let insert = try connection.prepare(
            """
            INSERT OR REPLACE INTO comment_key (key, comment_id, digest, created_at)
            VALUES (:key, :comment_id, :digest, :created_at)
            """)
        try insert.bind("key", key)
        try insert.bind("comment_id", comment.id)
        try insert.bind("digest", digest)
        try insert.bind("created_at", comment.createdAt)
        try insert.run()
    }
}
