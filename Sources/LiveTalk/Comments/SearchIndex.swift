import CraneSQLite

/// The full-text index of the comments (https://sqlite.org/fts5.html), which follows the table in batches.
enum SearchIndex {
    /// So many ids are indexed at once: about 3 ms of the writer's time.
    static let batch = 512

    /// The newest comment's id when the index does not reach it.
    static func missing(_ connection: Connection) throws -> Int? {
        let row = try connection.prepare(
            """
            SELECT (SELECT max(id) FROM comment), indexed_id FROM comment_search_state WHERE id = 1
            """)
        guard try row.step(), let newest = row.intIfPresent(at: 0), newest > row.int(at: 1) else {
            return nil
        }
        return newest
    }

    /// Indexes the next comments, at most `count`; answers the id up to which all are indexed now.
    @discardableResult
    static func extend(_ connection: Connection, count: Int = batch) throws -> Int {
        let range = try connection.prepare(
            """
            SELECT indexed_id, (SELECT max(id) FROM (SELECT id FROM comment WHERE id > indexed_id ORDER BY id LIMIT ?1))
            FROM comment_search_state WHERE id = 1
            """)
        try range.bind(count, at: 1)
        guard try range.step() else { return .max }
        let start = range.int(at: 0)
        // Nothing is left: what was missing has been deleted meanwhile.
        guard let end = range.intIfPresent(at: 1) else { return .max }
        range.reset()
        let fill = try connection.prepare(
            """
            INSERT INTO comment_search (rowid, comment_text)
            SELECT id, comment_text FROM comment WHERE id > ?1 AND id <= ?2
            """)
        try fill.bind(start, at: 1)
        try fill.bind(end, at: 2)
        try fill.run()
        let mark = try connection.prepare("UPDATE comment_search_state SET indexed_id = ?1 WHERE id = 1")
        try mark.bind(end, at: 1)
        try mark.run()
        return end
    }

    /// The words as FTS5 strings, which nothing in them can end (section 3.1); a `*` at a word's end stays an operator.
    static func expression(_ text: String) -> String {
        // SQLite takes a NUL for the end of the expression.
        text.split { $0.isWhitespace || $0 == "\0" }.map { word in
            let isPrefix = word.hasSuffix("*")
            let quoted = word.reduce(into: "\"") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
            return isPrefix ? quoted + "*" : quoted
        }.joined(separator: " ")
    }

    /// The id of the oldest match that is ranked, so that a word that everybody uses does not take for ever.
    static func oldestRanked(_ expression: String, _ connection: Connection) throws -> Int {
        let row = try connection.prepare(
            """
            SELECT rowid FROM comment_search WHERE comment_search MATCH ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ?2
            """)
        try row.bind(expression, at: 1)
        try row.bind(CommentSearch.rankedMatches, at: 2)
        return try row.step() ? row.int(at: 0) : .min
    }
}
