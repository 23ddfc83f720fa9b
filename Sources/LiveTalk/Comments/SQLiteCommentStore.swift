import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Synchronization

/// Comments in SQLite's table `comment`.
final class SQLiteCommentStore: CommentStore {
    let database: Database
    private let now: @Sendable () -> Timestamp
    /// As many at a time as there are readers for them: to wait for a reader would hold a worker thread.
    let longReads: WorkQueue
    /// How long a read on a worker thread may take.
    let longReadLimit: Duration
    /// The batch that is being indexed for all who search.
    let indexing = Mutex<Task<Bool, any Error>?>(nil)

    /// The database's migrations must have been applied: see `Migration.all`.
    ///
    /// - Parameters:
    ///   - longReads: how many searches and long lists go on at a time: as many as the database has readers for them.
    ///   - longReadLimit: how long a search or a long list may take.
    init(
        _ database: Database, longReads: Int = 1, longReadLimit: Duration = .seconds(2),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.longReads = WorkQueue(places: 0..<longReads, waiting: 32)
        self.longReadLimit = longReadLimit
        self.now = now
    }

    func comment(_ id: Int) throws -> Comment? {
        try read { connection in try connection.find(Comment.self, id) }
    }

    /// A list that may take long is read on a worker thread.
    func list(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        if !query.isLong {
            let list = try list(query, bound: CommentQuery.shortBytes, longest: CommentQuery.shortBytes)
            if !list.isCut { return list }
        }
        return try await longReads.run(on: loop, for: client) { [self] _, cancellation in
            try readLong(unless: cancellation) { connection in
                try Self.list(query, bound: CommentQuery.heldBytes, longest: .max, connection)
            }
        }
    }

    /// The list on the caller's thread; those behind the `bound` of their JSON in bytes are counted only.
    ///
    /// - Parameter longest: the bytes of a text with which the list ends before it, as one that is cut.
    func list(_ query: CommentQuery, bound: Int, longest: Int) throws -> CommentList {
        try read { connection in try Self.list(query, bound: bound, longest: longest, connection) }
    }

    private static func list(
        _ query: CommentQuery, bound: Int, longest: Int, _ connection: Connection
    ) throws -> CommentList {
        let rows = try query.select(connection)
        return try CommentListWriter.list(limit: query.limit, bound: bound) { list, json in
            // A step reads all columns of its row, megabytes for some: behind the bound there is none.
            let row = try rows.writer(of: Comment.self)
            while !list.isFull(json), try rows.step() {
                let isWritten = try list.append(id: row.key, to: &json) { json in
                    try row.write(to: &json, longest: longest)
                }
                if !isWritten { return }
            }
            guard list.isFull(json), let last = list.lastID else { return }
            let ids = try query.rest(behind: last, count: query.limit - list.count).selectIDs(connection)
            while try ids.step() { list.skip(id: try ids.int("id")) }
        }
    }

    func insert(_ comment: CommentCreate, key: String?) async throws -> Comment {
        let key = key.map { (text: $0, digest: CommentKey.digest(of: comment)) }
        return try await write { [now] connection in
            let now = now()
            if let key,
                let earlier = try CommentKey.find(key.text, for: comment, key.digest, at: now, connection)
            {
                return earlier
            }
            var inserted = Comment(
                id: 0, talkID: comment.talkID, userIP: comment.userIP, text: comment.text, createdAt: now,
                updatedAt: now)
            inserted.id = try connection.add(inserted)
            if let key { try CommentKey.remember(key.text, key.digest, inserted, connection) }
            if inserted.id % SearchIndex.batch == 0 { try SearchIndex.extend(connection) }
            return inserted
        }
    }

    func update(_ id: Int, _ update: CommentUpdate, if condition: CommentCondition?) async throws -> Comment?
    {
        try await write { [now] connection in
            if let condition {
                guard let comment = try connection.find(Comment.self, id) else { return nil }
                guard condition(comment) else { throw CommentConflict.changed }
            }
            let change = try connection.prepare(
                """
                UPDATE comment SET comment_text = :comment_text, updated_at = max(:now, updated_at + 1)
                WHERE id = :id AND comment_text IS NOT :comment_text
                """)
            try change.bind("id", id)
            try change.bind(members: update)
            try change.bind("now", now())
            try change.run()
            return try connection.find(Comment.self, id)
        }
    }

    func delete(_ id: Int, if condition: CommentCondition?) async throws -> Bool {
        try await write { connection in
            if let condition {
                guard let comment = try connection.find(Comment.self, id) else { return false }
                guard condition(comment) else { throw CommentConflict.changed }
            }
            let delete = try connection.prepare("DELETE FROM comment WHERE id = :id")
            try delete.bind("id", id)
            try delete.run()
            return connection.changes > 0
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.read(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    /// A read on a worker thread, which ends in time and when nobody waits for it any more.
    func readLong<Value>(
        unless cancellation: Cancellation?, _ body: (Connection) throws -> Value
    ) throws -> Value {
        try read { connection in
            try connection.limited(
                to: longReadLimit, unless: { cancellation?.hasHappened == true }
            ) { try body(connection) }
        }
    }
}
