import CraneSQLite

extension SQLiteCommentStore {
    func prepareSearch(slot: Int) async throws {
        let newest = try translatingErrors {
            try database.read(slot: slot) { connection in try SearchIndex.missing(connection) }
        }
        guard let newest else { return }
        // Batch by batch, so that posts get their turn in between.
        while try await write({ connection in try SearchIndex.extend(connection) }) < newest {}
    }

    func matches(_ search: CommentSearch, slot: Int) throws -> [CommentMatch] {
        let expression = SearchIndex.expression(search.text)
        // FTS5 takes no empty expression; no words find nothing.
        if expression.isEmpty { return [] }
        return try translatingErrors {
            try database.read(slot: slot) { connection in
                let rows = try Self.select(search, expression, connection)
                var matches: [CommentMatch] = []
                while try rows.step() {
                    matches.append(CommentMatch(comment: Comment(row: rows), marked: rows.text(at: 6)))
                }
                return matches
            }
        }
    }

    private static func select(
        _ search: CommentSearch, _ expression: String, _ connection: Connection
    ) throws -> Statement {
        let rows = try connection.prepare(
            """
            SELECT c.id, c.talk_id, c.user_ip, c.comment_text, c.created_at, c.updated_at,
                snippet(comment_search, 0, ?4, ?5, '…', 24)
            FROM comment_search JOIN comment AS c ON c.id = comment_search.rowid
            WHERE comment_search MATCH ?1 AND comment_search.rowid >= ?6
                AND (?7 IS NULL OR c.talk_id = ?7)
            ORDER BY rank LIMIT ?2 OFFSET ?3
            """)
        try rows.bind(search.limit, at: 2)
        try rows.bind(search.offset, at: 3)
        try rows.bind(CommentSearch.markers.start, at: 4)
        try rows.bind(CommentSearch.markers.end, at: 5)
        try rows.bind(try SearchIndex.oldestRanked(expression, connection), at: 6)
        try rows.bind(search.talkID, at: 7)
        try rows.bind(expression, at: 1)
        return rows
    }
}
