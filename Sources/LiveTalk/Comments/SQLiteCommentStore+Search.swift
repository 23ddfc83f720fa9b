import CraneSQLite

extension SQLiteCommentStore {
    func prepareSearch(slot: Int) async throws {
        let newest = try translatingErrors {
            try database.read(slot: slot) { connection in try SearchIndex.missing(connection) }
        }
        guard let newest else { return }
        do {
            // Batch by batch, so that posts get their turn in between.
            while try await database.write({ connection in try SearchIndex.extend(connection) }) < newest {}
        } catch let error as DatabaseError {
            switch error.kind {
            // The disk takes nothing now: what is indexed can be read all the same.
            case .full, .readOnly, .moved, .ioError: return
            default: throw StoreError.translated(error)
            }
        }
    }

    func matches(_ search: CommentSearch, slot: Int) throws -> [CommentMatch] {
        let expression = SearchIndex.expression(search.text)
        // FTS5 takes no empty expression; no words find nothing.
        if expression.isEmpty { return [] }
        return try translatingErrors {
            try database.read(slot: slot) { connection in
                try connection.limited(to: searchLimit) {
                    let rows = try Self.select(search, expression, connection)
                    var matches: [CommentMatch] = []
                    while try rows.step() {
                        let marked = rows.text(at: 6)
                        let part = rows.int(at: 7) == 0 ? marked : CommentMatch.part(of: marked)
                        matches.append(CommentMatch(comment: Comment(row: rows), marked: part))
                    }
                    return matches
                }
            }
        }
    }

    private static func select(
        _ search: CommentSearch, _ expression: String, _ connection: Connection
    ) throws -> Statement {
        // `ORDER BY rank` would rank the comments of all talks, and in one SELECT with the rest all parts would be made.
        let rows = try connection.prepare(
            """
            WITH page (id, score) AS MATERIALIZED (
                SELECT comment_search.rowid, bm25(comment_search)
                FROM comment_search CROSS JOIN comment AS c ON c.id = comment_search.rowid
                WHERE comment_search MATCH ?1 AND comment_search.rowid >= ?6
                    AND (?7 IS NULL OR c.talk_id = ?7)
                ORDER BY 2, 1 LIMIT ?2 OFFSET ?3
            )
            SELECT c.id, c.talk_id, c.user_ip, c.comment_text, c.created_at, c.updated_at,
                CASE WHEN length(CAST(c.comment_text AS BLOB)) > 20000 THEN substr(c.comment_text, 1, 200)
                    WHEN length(CAST(c.comment_text AS BLOB)) > ?8 THEN highlight(comment_search, 0, ?4, ?5)
                    ELSE snippet(comment_search, 0, ?4, ?5, '…', 24) END,
                length(CAST(c.comment_text AS BLOB)) > ?8
            FROM comment_search CROSS JOIN page ON page.id = comment_search.rowid
                CROSS JOIN comment AS c ON c.id = page.id
            WHERE comment_search MATCH ?1 AND comment_search.rowid >= (SELECT min(id) FROM page)
            ORDER BY page.score, page.id
            """)
        try rows.bind(search.limit, at: 2)
        try rows.bind(search.offset, at: 3)
        try rows.bind(String(CommentSearch.markers.start), at: 4)
        try rows.bind(String(CommentSearch.markers.end), at: 5)
        try rows.bind(
            try SearchIndex.oldestRanked(expression, talkID: search.talkID, connection), at: 6)
        try rows.bind(search.talkID, at: 7)
        try rows.bind(CommentSearch.shortText, at: 8)
        try rows.bind(expression, at: 1)
        return rows
    }
}
