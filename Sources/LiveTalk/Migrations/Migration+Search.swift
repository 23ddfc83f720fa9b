import CraneSQLite

extension Migration {
    /// The index of the words of all comments up to `indexed_id`; newer ones are added in batches.
    ///
    /// To index each comment in its own insert would cost more than the insert itself.
    static let search = Migration(
        3, "search",
        sql: """
            CREATE VIRTUAL TABLE comment_search USING fts5 (
                comment_text, content = 'comment', content_rowid = 'id',
                tokenize = 'unicode61 remove_diacritics 2'
            );
            INSERT INTO comment_search (comment_search) VALUES ('rebuild');
            CREATE TABLE comment_search_state (id INTEGER PRIMARY KEY CHECK (id = 1), indexed_id INTEGER NOT NULL);
            INSERT INTO comment_search_state
                SELECT 1, ifnull(max(id), 0) FROM comment;
            CREATE TRIGGER comment_search_insert AFTER INSERT ON comment
            WHEN new.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT INTO comment_search (rowid, comment_text) VALUES (new.id, new.comment_text);
            END;
            CREATE TRIGGER comment_search_update AFTER UPDATE OF comment_text ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT INTO comment_search (comment_search, rowid, comment_text)
                    VALUES ('delete', old.id, old.comment_text);
                INSERT INTO comment_search (rowid, comment_text) VALUES (new.id, new.comment_text);
            END;
            CREATE TRIGGER comment_search_delete AFTER DELETE ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT INTO comment_search (comment_search, rowid, comment_text)
                    VALUES ('delete', old.id, old.comment_text);
            END;
            """)
}
