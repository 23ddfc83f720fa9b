import CraneSQLite
import CraneService
import Synchronization

extension SQLiteCommentStore {
    func prepareSearch(slot: Int) async throws {
        let deadline = ContinuousClock.now + longReadLimit
        while try isIndexBehind(slot: slot) {
            // One batch at a time for all who search, so that posts get their turn in between.
            let batch = indexing.withLock { running in
                if let running { return running }
                let batch = Task { [self] in
                    // Before its end: who has waited for one that is over must find another, or none.
                    defer { indexing.withLock { $0 = nil } }
                    return try await database.write { try SearchIndex.extend($0) }
                }
                running = batch
                return batch
            }
            do {
                _ = try await batch.value
                try Task.checkCancellation()
            } catch let error as DatabaseError {
                switch error.kind {
                // The disk takes nothing now: what is indexed can be read all the same.
                case .full, .readOnly, .moved, .ioError: return
                default: throw StoreError.translated(error)
                }
            }
            // Every search brings the index on, however little time there is.
            if ContinuousClock.now >= deadline { return }
        }
    }

    private func isIndexBehind(slot: Int) throws -> Bool {
        try translatingErrors {
            try database.read(slot: slot) { connection in try SearchIndex.isBehind(connection) }
        }
    }

    func ranked(
        _ search: CommentSearch, slot: Int, unless cancellation: Cancellation?
    ) throws -> [Int] {
        let query = SearchQuery(search.text)
        // FTS5 takes no empty expression; no words find nothing.
        if query.phrases.isEmpty { return [] }
        return try translatingErrors {
            try database.read(slot: slot) { connection in
                try limited(connection, unless: cancellation) {
                    let rows = try Self.select(search, query.expression, connection)
                    var ids: [Int] = []
                    while try rows.step() { ids.append(rows.int(at: 0)) }
                    return ids
                }
            }
        }
    }

    private static func select(
        _ search: CommentSearch, _ expression: String, _ connection: Connection
    ) throws -> Statement {
        let oldest = try SearchIndex.oldestRanked(expression, talkID: search.talkID, connection)
        // `ORDER BY rank` would rank the comments of all talks.
        let rows = try connection.prepare(
            """
            SELECT comment_search.rowid
            FROM comment_search CROSS JOIN comment AS c ON c.id = comment_search.rowid
            WHERE comment_search MATCH ?1 AND comment_search.rowid >= ?4
                AND (?5 IS NULL OR c.talk_id = ?5)
            ORDER BY bm25(comment_search), 1 LIMIT ?2 OFFSET ?3
            """)
        try rows.bind(expression, at: 1)
        try rows.bind(search.limit, at: 2)
        try rows.bind(search.offset, at: 3)
        try rows.bind(oldest, at: 4)
        try rows.bind(search.talkID, at: 5)
        return rows
    }
}
