import CraneSQLite

extension Migration {
    /// An index of folded words in the place of the first one, which SQLite cut itself and knew spaces only.
    ///
    /// The words are the program's (`SearchTokenizer`), so the triggers only take away what no longer holds; what is to be
    /// indexed anew is noted and done in batches, as everything is once.
    static let searchWords = Migration(
        6, "search words",
        sql: """
            DROP TRIGGER comment_search_insert;
            DROP TRIGGER comment_search_update;
            DROP TRIGGER comment_search_delete;
            DROP TABLE comment_search;
            CREATE VIRTUAL TABLE comment_search USING fts5 (
                words, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
            );
            CREATE TABLE comment_search_stale (id INTEGER PRIMARY KEY);
            UPDATE comment_search_state SET indexed_id = (SELECT min(0, ifnull(min(id), 1) - 1) FROM comment);
            CREATE TRIGGER comment_search_insert AFTER INSERT ON comment
            WHEN new.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT OR IGNORE INTO comment_search_stale VALUES (new.id);
            END;
            CREATE TRIGGER comment_search_update AFTER UPDATE OF comment_text ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                DELETE FROM comment_search WHERE rowid = old.id;
                INSERT OR IGNORE INTO comment_search_stale VALUES (new.id);
            END;
            CREATE TRIGGER comment_search_delete AFTER DELETE ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                DELETE FROM comment_search WHERE rowid = old.id;
                DELETE FROM comment_search_stale WHERE id = old.id;
            END;
            """)
}
