import CraneSQLite

extension Migration {
    /// The tables of the users and of their tokens. Never changes: later steps are migrations of their own.
    static let users = Migration(
        2, "users",
        sql: """
            CREATE TABLE user (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                password_hash TEXT NOT NULL,
                is_disabled INTEGER NOT NULL DEFAULT 0,
                is_demo INTEGER NOT NULL DEFAULT 0,
                created_at INTEGER NOT NULL
            );
            CREATE TABLE token (
                hash BLOB PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES user (id),
                created_at INTEGER NOT NULL,
                expires_at INTEGER
            ) WITHOUT ROWID;
            CREATE INDEX idx_token_user_id ON token (user_id);
            """)
}
