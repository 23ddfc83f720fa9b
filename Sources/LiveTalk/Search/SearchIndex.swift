import CraneSQLite

/// The full-text index of the comments (https://sqlite.org/fts5.html), which follows the table in batches.
enum SearchIndex {
    /// So many comments are indexed at once at most: a few milliseconds of the writer's time.
    static let batch = 512
    /// So many bytes of text are indexed at once, apart from the last comment's; words that nobody has used before cost most.
    static let batchBytes = 64 << 10
    /// So many bytes of a text are indexed; words behind them are not found.
    static let textBytes = 64 << 10

    /// Whether there are comments that the index does not hold yet.
    static func isBehind(_ connection: Connection) throws -> Bool {
        let row = try connection.prepare(
            """
            SELECT ifnull((SELECT max(id) FROM comment), indexed_id) > indexed_id
                OR EXISTS (SELECT 1 FROM comment_search_stale) FROM comment_search_state WHERE id = 1
            """)
        return try row.step() && row.int(at: 0) != 0
    }

    /// Indexes the next comments; whether there may be more.
    ///
    /// - Parameter bytes: how many bytes of text end the batch.
    @discardableResult
    static func extend(_ connection: Connection, bytes bound: Int = batchBytes) throws -> Bool {
        try extendOverStale(connection, bound) || extendOverNew(connection, bound)
    }

    /// Comments that have been changed, or put between older ones, since they were indexed.
    private static func extendOverStale(_ connection: Connection, _ bound: Int) throws -> Bool {
        let rows = try connection.prepare(
            """
            SELECT id, comment_text FROM comment_search_stale CROSS JOIN comment USING (id) ORDER BY id LIMIT ?1
            """)
        guard let last = try foldWords(of: rows, bound, connection) else { return false }
        let fill = try connection.prepare(
            """
            INSERT INTO comment_search (rowid, words)
            SELECT id, ifnull(words, comment_text)
            FROM comment_search_stale CROSS JOIN comment USING (id) LEFT JOIN comment_search_words USING (id)
            WHERE id <= ?1
            """)
        try fill.bind(last, at: 1)
        try fill.run()
        let done = try connection.prepare("DELETE FROM comment_search_stale WHERE id <= ?1")
        try done.bind(last, at: 1)
        try done.run()
        return true
    }

    private static func extendOverNew(_ connection: Connection, _ bound: Int) throws -> Bool {
        let rows = try connection.prepare(
            """
            SELECT id, comment_text FROM comment
            WHERE id > (SELECT indexed_id FROM comment_search_state WHERE id = 1) ORDER BY id LIMIT ?1
            """)
        guard let last = try foldWords(of: rows, bound, connection) else { return false }
        let fill = try connection.prepare(
            """
            INSERT INTO comment_search (rowid, words)
            SELECT id, ifnull(words, comment_text) FROM comment LEFT JOIN comment_search_words USING (id)
            WHERE id > (SELECT indexed_id FROM comment_search_state WHERE id = 1) AND id <= ?1
            """)
        try fill.bind(last, at: 1)
        try fill.run()
        let mark = try connection.prepare("UPDATE comment_search_state SET indexed_id = ?1 WHERE id = 1")
        try mark.bind(last, at: 1)
        try mark.run()
        return true
    }

    /// Keeps the words of the rows' texts up to the bound where SQLite's tokenizer would make others; the id of the last row.
    private static func foldWords(
        of rows: Statement, _ bound: Int, _ connection: Connection
    ) throws -> Int? {
        try rows.bind(batch, at: 1)
        var last: Int?
        var left = bound
        var folded: [(id: Int, words: String)] = []
        while left > 0, try rows.step() {
            let id = rows.int(at: 0)
            last = id
            // SQLite's bytes are good until the next step; the words are a copy.
            let text = unsafe rows.utf8(at: 1)
            let size = min(text.count, textBytes)
            left -= max(size, 1)
            if text.count == size, unsafe text.allSatisfy({ $0 != 0 && $0 < 0x80 }) { continue }
            let beginning = unsafe String(decoding: text.prefix(size), as: UTF8.self)
            folded.append((id, SearchTokenizer.tokens(beginning).map(\.text).joined(separator: " ")))
        }
        rows.reset()
        for (id, words) in folded {
            let insert = try connection.prepare("INSERT INTO comment_search_words VALUES (?1, ?2)")
            try insert.bind(id, at: 1)
            try insert.bind(words, at: 2)
            try insert.run()
        }
        return last
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
