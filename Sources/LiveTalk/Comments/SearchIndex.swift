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
    ///
    /// A word that is repeated counts once, and the first `CommentSearch.maximumTerms` alone: each reads all its comments.
    static func expression(_ text: String) -> String {
        var terms: [String] = []
        // By scalars: a mark that follows a quote makes one Character of both. SQLite takes a NUL for the end.
        for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace || $0 == "\0" }) {
            var term = "\""
            for scalar in word { term += scalar == "\"" ? "\"\"" : String(scalar) }
            term += word.last == "*" && isBeginning(word.dropLast()) ? "\"*" : "\""
            if !terms.contains(term) { terms.append(term) }
            if terms.count == CommentSearch.maximumTerms { break }
        }
        return terms.joined(separator: " ")
    }

    /// Whether the word ends in two letters or digits: what begins with one alone is in too many comments.
    private static func isBeginning(_ word: Substring.UnicodeScalarView) -> Bool {
        var letters = 0
        for scalar in word.reversed() where scalar.properties.generalCategory != .nonspacingMark {
            guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { return false }
            letters += 1
            if letters == 2 { return true }
        }
        return false
    }

    /// The id of the oldest match that is ranked, so that a word that everybody uses does not take for ever.
    static func oldestRanked(
        _ expression: String, talkID: Int?, _ connection: Connection
    ) throws -> Int {
        // CROSS JOIN keeps the order: a match for each comment of the talk would read the index for each.
        let row = try connection.prepare(
            """
            SELECT comment_search.rowid
            FROM comment_search CROSS JOIN comment AS c ON c.id = comment_search.rowid
            WHERE comment_search MATCH ?1 AND (?3 IS NULL OR c.talk_id = ?3)
            ORDER BY comment_search.rowid DESC LIMIT 1 OFFSET ?2
            """)
        try row.bind(expression, at: 1)
        try row.bind(CommentSearch.rankedMatches, at: 2)
        try row.bind(talkID, at: 3)
        return try row.step() ? row.int(at: 0) : .min
    }
}
