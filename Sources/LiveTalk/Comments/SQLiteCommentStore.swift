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
    private let workerSlots: Range<Int>
    /// The batch that is being indexed for all who search.
    let indexing = Mutex<Task<Bool, any Error>?>(nil)

    /// The database's migrations must have been applied: see `Migration.all`.
    ///
    /// - Parameters:
    ///   - workerSlots: the database's readers that belong to no loop.
    ///   - longReadLimit: how long a search or a long list may take.
    init(
        _ database: Database, workerSlots: Range<Int> = 0..<1, longReadLimit: Duration = .seconds(2),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        longReads = WorkQueue(places: workerSlots, waiting: 32)
        self.longReadLimit = longReadLimit
        self.workerSlots = workerSlots
        self.now = now
    }

    func comment(_ id: Int, slot: Int) throws -> Comment? {
        try translatingErrors {
            try database.read(slot: slot) { connection in try Self.find(id, connection) }
        }
    }

    func list(
        _ query: CommentQuery, slot: Int, bound: Int, unless cancellation: Cancellation?
    ) throws -> CommentList {
        try translatingErrors {
            try database.read(slot: slot) { connection in
                guard workerSlots.contains(slot) else {
                    return try Self.list(query, bound: bound, longest: bound, connection)
                }
                return try limited(connection, unless: cancellation) {
                    try Self.list(query, bound: bound, longest: .max, connection)
                }
            }
        }
    }

    /// - Parameter longest: the bytes of a text with which the list ends before it, as one that is cut.
    private static func list(
        _ query: CommentQuery, bound: Int, longest: Int, _ connection: Connection
    ) throws -> CommentList {
        let rows = try query.select(connection)
        var list = CommentListWriter(limit: query.limit, bound: bound)
        // A step reads all columns of its row, megabytes for some: behind the bound there is none.
        while !list.isFull, try rows.step() {
            // The bytes are only counted.
            guard unsafe rows.utf8(at: 3).count <= longest else {
                list.skip(id: rows.int(at: 0))
                return list.finish()
            }
            list.append(row: rows)
        }
        if list.isFull, let last = list.lastID {
            let ids = try query.rest(behind: last, count: query.limit - list.count).selectIDs(connection)
            while try ids.step() { list.skip(id: ids.int(at: 0)) }
        }
        return list.finish()
    }

    /// A read on a worker thread, which ends in time.
    func limited<Value>(
        _ connection: Connection, unless cancellation: Cancellation?, _ body: () throws -> Value
    ) throws -> Value {
        try connection.limited(
            to: longReadLimit, unless: { cancellation?.hasHappened == true }, body)
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
            let insert = try connection.prepare(
                """
                INSERT INTO comment (talk_id, user_ip, comment_text, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?4)
                """)
            try insert.bind(comment.talkID, at: 1)
            try insert.bind(comment.userIP, at: 2)
            try insert.bind(comment.text, at: 3)
            try insert.bind(now.microseconds, at: 4)
            try insert.run()
            let inserted = Comment(
                id: Int(connection.lastInsertRowID), talkID: comment.talkID, userIP: comment.userIP,
                text: comment.text, createdAt: now, updatedAt: now)
            if let key { try CommentKey.remember(key.text, key.digest, inserted, connection) }
            if inserted.id % SearchIndex.batch == 0 { try SearchIndex.extend(connection) }
            return inserted
        }
    }

    func update(_ id: Int, _ update: CommentUpdate, if condition: CommentCondition?) async throws -> Comment?
    {
        try await write { [now] connection in
            if let condition {
                guard let comment = try Self.find(id, connection) else { return nil }
                guard condition(comment) else { throw CommentConflict.changed }
            }
            let change = try connection.prepare(
                """
                UPDATE comment SET comment_text = ?2, updated_at = max(?3, updated_at + 1)
                WHERE id = ?1 AND comment_text IS NOT ?2
                """)
            try change.bind(id, at: 1)
            try change.bind(update.text, at: 2)
            try change.bind(now().microseconds, at: 3)
            try change.run()
            return try Self.find(id, connection)
        }
    }

    func delete(_ id: Int, if condition: CommentCondition?) async throws -> Bool {
        try await write { connection in
            if let condition {
                guard let comment = try Self.find(id, connection) else { return false }
                guard condition(comment) else { throw CommentConflict.changed }
            }
            let delete = try connection.prepare("DELETE FROM comment WHERE id = ?1")
            try delete.bind(id, at: 1)
            try delete.run()
            return connection.changes > 0
        }
    }

    static func find(_ id: Int, _ connection: Connection) throws -> Comment? {
        let row = try connection.prepare(
            """
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment WHERE id = ?1
            """)
        try row.bind(id, at: 1)
        return try row.step() ? Comment(row: row) : nil
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

    func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}

extension CommentListWriter {
    /// Appends the row that the statement stands on, with its columns in the order of the table.
    mutating func append(row: Statement) {
        // SQLite's bytes are good until the next step; the writer copies them.
        append(
            id: row.int(at: 0), talkID: row.int(at: 1), userIP: unsafe row.utf8(at: 2).span,
            text: unsafe row.utf8(at: 3).span, createdAt: Timestamp(microseconds: row.int(at: 4)),
            updatedAt: Timestamp(microseconds: row.int(at: 5)))
    }
}

extension Comment {
    /// The comment of the row that the statement stands on, with its columns in the order of the table.
    init(row: Statement) {
        self.init(
            id: row.int(at: 0), talkID: row.int(at: 1), userIP: row.text(at: 2), text: row.text(at: 3),
            createdAt: Timestamp(microseconds: row.int(at: 4)),
            updatedAt: Timestamp(microseconds: row.int(at: 5)))
    }
}
