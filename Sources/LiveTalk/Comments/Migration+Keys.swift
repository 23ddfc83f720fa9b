import CraneSQLite

extension Migration {
    /// The posts that came with an Idempotency-Key, as they were answered.
    static let keys = Migration(
        5, "idempotency keys",
        sql: """
            CREATE TABLE comment_key (
                key TEXT PRIMARY KEY,
                comment_id INTEGER NOT NULL,
                talk_id INTEGER NOT NULL,
                user_ip TEXT NOT NULL,
                comment_text TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX idx_comment_key_created_at ON comment_key (created_at);
            """)
}
