import Crane
import CraneSQLite
import CraneService
import Synchronization

extension SQLiteCommentStore {
    func search(
        _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await prepareSearch()
        return try await longReads.run(on: loop, for: client) { [self] _, cancellation in
            let ids = try ranked(search, unless: cancellation)
            return try MatchList(
                of: ids[...], SearchQuery(search.text), unless: cancellation, find: comment)
        }
    }

    func rest(
        of list: MatchList, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await longReads.run(on: loop, for: client) { [self] _, cancellation in
            try MatchList(of: list.rest, list.query, unless: cancellation, find: comment)
        }
    }

    /// Makes every comment that has been answered findable, unless the disk takes nothing.
    func prepareSearch() async throws {
        let deadline = ContinuousClock.now + longReadLimit
        while try read({ try SearchIndex.isBehind($0) }) {
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

    /// The ids of at most `search.limit` comments, the best match first, on the caller's thread; those alone that were there at
    /// the last `prepareSearch()` are sure to be found.
    func ranked(_ search: CommentSearch, unless cancellation: Cancellation? = nil) throws -> [Int] {
        let query = SearchQuery(search.text)
        // FTS5 takes no empty expression; no words find nothing.
        if query.phrases.isEmpty { return [] }
        return try readLong(unless: cancellation) { connection in
            let rows = try Self.select(search, query.expression, connection)
            var ids: [Int] = []
            while try rows.step() { ids.append(try rows.int("id")) }
            return ids
        }
    }

    private static func select(
        _ search: CommentSearch, _ expression: String, _ connection: Connection
    ) throws -> Statement {
        let oldest = try SearchIndex.oldestRanked(expression, talkID: search.talkID, connection)
        // `ORDER BY rank` would rank the comments of all talks.
        let rows = try connection.prepare(
            """
            SELECT comment_search.rowid AS id
            FROM comment_search CROSS JOIN comment AS c ON c.id = comment_search.rowid
            WHERE comment_search MATCH :expression AND comment_search.rowid >= :oldest
                AND (:talk_id IS NULL OR c.talk_id = :talk_id)
            ORDER BY bm25(comment_search), 1 LIMIT :limit OFFSET :offset
            """)
        try rows.bind("expression", expression)
        try rows.bind("limit", search.limit)
        try rows.bind("offset", search.offset)
        try rows.bind("oldest", oldest)
        try rows.bind("talk_id", search.talkID)
        return rows
    }
}
