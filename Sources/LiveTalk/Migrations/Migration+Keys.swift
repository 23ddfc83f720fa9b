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

extension Migration {
    /// Digests in the place of the texts, which were kept twice for a day; keys of before keep their content until they go.
    static let keyDigests = Migration(
        7, "key digests",
        sql: """
            CREATE TABLE comment_key_digest (
                key TEXT PRIMARY KEY,
                comment_id INTEGER NOT NULL,
                digest BLOB NOT NULL,
                created_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            INSERT INTO comment_key_digest
                SELECT key, comment_id,
                    CAST(talk_id || ':' || length(CAST(user_ip AS BLOB)) || ':' || user_ip || comment_text AS BLOB),
                    created_at
                FROM comment_key;
            DROP TABLE comment_key;
            ALTER TABLE comment_key_digest RENAME TO comment_key;
            CREATE INDEX idx_comment_key_created_at ON comment_key (created_at);
            """)
}
