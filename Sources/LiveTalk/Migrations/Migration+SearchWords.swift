import CraneSQLite

extension Migration {
    /// An index of folded words in the place of the first one, which SQLite cut itself and knew spaces only.
    ///
    /// The table holds no texts. To take a text out again FTS5 wants the words that it was given: they are the text itself if it is
    /// ASCII, of which SQLite's tokenizer makes the same words, and stand in `comment_search_words` otherwise. What has changed
    /// is taken out at once and noted in `comment_search_stale`, until a batch indexes it anew.
    static let searchWords = Migration(
        6, "search words",
        sql: """
            DROP TRIGGER comment_search_insert;
            DROP TRIGGER comment_search_update;
            DROP TRIGGER comment_search_delete;
            DROP TABLE comment_search;
            CREATE VIRTUAL TABLE comment_search USING fts5 (
                words, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
            );
            CREATE TABLE comment_search_words (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
            CREATE TABLE comment_search_stale (id INTEGER PRIMARY KEY);
            UPDATE comment_search_state SET indexed_id = (SELECT min(0, ifnull(min(id), 1) - 1) FROM comment);
            CREATE TRIGGER comment_search_insert AFTER INSERT ON comment
            WHEN new.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT OR IGNORE INTO comment_search_stale VALUES (new.id);
            END;
            CREATE TRIGGER comment_search_update AFTER UPDATE OF comment_text ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1)
                AND NOT EXISTS (SELECT 1 FROM comment_search_stale WHERE id = old.id) BEGIN
                INSERT INTO comment_search (comment_search, rowid, words) VALUES (
                    'delete', old.id,
                    ifnull((SELECT words FROM comment_search_words WHERE id = old.id), old.comment_text)
                );
                DELETE FROM comment_search_words WHERE id = old.id;
                INSERT INTO comment_search_stale VALUES (new.id);
            END;
            CREATE TRIGGER comment_search_delete AFTER DELETE ON comment
            WHEN old.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1) BEGIN
                INSERT INTO comment_search (comment_search, rowid, words)
                    SELECT 'delete', old.id,
                        ifnull((SELECT words FROM comment_search_words WHERE id = old.id), old.comment_text)
                    WHERE NOT EXISTS (SELECT 1 FROM comment_search_stale WHERE id = old.id);
                DELETE FROM comment_search_words WHERE id = old.id;
                DELETE FROM comment_search_stale WHERE id = old.id;
            END;
            """)
}
