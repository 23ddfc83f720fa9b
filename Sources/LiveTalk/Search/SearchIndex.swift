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
                OR EXISTS (SELECT 1 FROM comment_search_stale) AS is_behind
            FROM comment_search_state WHERE id = 1
            """)
        return try row.step() && row.value("is_behind", as: Bool.self)
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
            SELECT id, comment_text FROM comment_search_stale CROSS JOIN comment USING (id) ORDER BY id LIMIT :limit
            """)
        guard let last = try foldWords(of: rows, bound, connection) else { return false }
        let fill = try connection.prepare(
            """
            INSERT INTO comment_search (rowid, words)
            SELECT id, ifnull(words, comment_text)
            FROM comment_search_stale CROSS JOIN comment USING (id) LEFT JOIN comment_search_words USING (id)
            WHERE id <= :last
            """)
        try fill.bind("last", last)
        try fill.run()
        let done = try connection.prepare("DELETE FROM comment_search_stale WHERE id <= :last")
        try done.bind("last", last)
        try done.run()
        return true
    }

    private static func extendOverNew(_ connection: Connection, _ bound: Int) throws -> Bool {
        let rows = try connection.prepare(
            """
            SELECT id, comment_text FROM comment
            WHERE id > (SELECT indexed_id FROM comment_search_state WHERE id = 1) ORDER BY id LIMIT :limit
            """)
        guard let last = try foldWords(of: rows, bound, connection) else { return false }
        let fill = try connection.prepare(
            """
            INSERT INTO comment_search (rowid, words)
            SELECT id, ifnull(words, comment_text) FROM comment LEFT JOIN comment_search_words USING (id)
            WHERE id > (SELECT indexed_id FROM comment_search_state WHERE id = 1) AND id <= :last
            """)
        try fill.bind("last", last)
        try fill.run()
        let mark = try connection.prepare("UPDATE comment_search_state SET indexed_id = :last WHERE id = 1")
        try mark.bind("last", last)
        try mark.run()
        return true
    }

    /// Keeps the words of the rows' texts up to the bound where SQLite's tokenizer would make others; the id of the last row.
    private static func foldWords(
        of rows: Statement, _ bound: Int, _ connection: Connection
    ) throws -> Int? {
        try rows.bind("limit", batch)
        var last: Int?
        var left = bound
        var folded: [(id: Int, words: String)] = []
        while left > 0, try rows.step() {
            let id = try rows.int("id")
            last = id
            try rows.withUTF8("comment_text") { text in
                let size = min(text.count, textBytes)
                left -= max(size, 1)
                // The bytes are SQLite's for this call; the words are a copy.
                let beginning: String? = unsafe text.withUnsafeBufferPointer { text in
                    if text.count == size, unsafe text.allSatisfy({ $0 != 0 && $0 < 0x80 }) { return nil }
                    return unsafe String(decoding: text.prefix(size), as: UTF8.self)
                }
                guard let beginning else { return }
                folded.append((id, SearchTokenizer.tokens(beginning).map(\.text).joined(separator: " ")))
            }
        }
        rows.reset()
        for (id, words) in folded {
            let insert = try connection.prepare("INSERT INTO comment_search_words VALUES (:id, :words)")
            try insert.bind("id", id)
            try insert.bind("words", words)
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
            SELECT comment_search.rowid AS id
            FROM comment_search CROSS JOIN comment AS c ON c.id = comment_search.rowid
            WHERE comment_search MATCH :expression AND (:talk_id IS NULL OR c.talk_id = :talk_id)
            ORDER BY comment_search.rowid DESC LIMIT 1 OFFSET :ranked
            """)
        try row.bind("expression", expression)
        try row.bind("ranked", CommentSearch.rankedMatches)
        try row.bind("talk_id", talkID)
        return try row.step() ? row.int("id") : .min
    }
}
