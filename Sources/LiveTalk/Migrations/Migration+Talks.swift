import CraneSQLite

extension Migration {
    /// The talks that moderators have made, with what each refuses or holds back; a comment's `talk_id` needs none.
    ///
    /// The counts follow the comments by triggers, so that they are right whoever writes.
    static let talks = Migration(
        9, "talks",
        sql: """
            CREATE TABLE talk (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                slug TEXT NOT NULL,
                title TEXT NOT NULL,
                speaker TEXT,
                starts_at INTEGER,
                state TEXT NOT NULL,
                moderation TEXT NOT NULL,
                comments INTEGER NOT NULL DEFAULT 0,
                waiting INTEGER NOT NULL DEFAULT 0,
                hidden INTEGER NOT NULL DEFAULT 0,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX idx_talk_slug ON talk (slug);
            CREATE TABLE blocked_word (
                talk_id INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (talk_id, word)
            ) WITHOUT ROWID;
            CREATE TRIGGER talk_comment_insert AFTER INSERT ON comment BEGIN
                UPDATE talk SET comments = comments + 1 WHERE id = new.talk_id;
            END;
            CREATE TRIGGER talk_comment_delete AFTER DELETE ON comment BEGIN
                UPDATE talk SET comments = comments - 1 WHERE id = old.talk_id;
            END;
            ALTER TABLE user ADD COLUMN is_moderator INTEGER NOT NULL DEFAULT 0;
            """)
}
