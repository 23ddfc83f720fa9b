import CraneSQLite

extension Migration {
    /// The table of the comments. Never changes: later steps are migrations of their own.
    static let comments = Migration(
        1, "comments",
        sql: """
            CREATE TABLE comment (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                talk_id INTEGER NOT NULL,
                user_ip TEXT NOT NULL,
                comment_text TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            );
            CREATE INDEX idx_talk_id ON comment (talk_id);
            CREATE INDEX idx_user_ip ON comment (user_ip);
            """)
}
