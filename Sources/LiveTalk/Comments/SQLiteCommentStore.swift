import CraneSQLite
import Schema

/// Comments in SQLite's table `comment`.
struct SQLiteCommentStore: CommentStore {
    private let database: Database
    private let now: @Sendable () -> Timestamp

    /// The database's migrations must have been applied: see `Migration.comments`.
    init(_ database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    func comment(_ id: Int, slot: Int) throws -> Comment? {
        try translatingErrors {
            try database.read(slot: slot) { connection in try Self.find(id, connection) }
        }
    }

    func comments(_ query: CommentQuery, slot: Int) throws -> [Comment] {
        try translatingErrors {
            try database.read(slot: slot) { connection in
                let rows = try Self.select(query, connection)
                var comments: [Comment] = []
                while try rows.step() { comments.append(Comment(row: rows)) }
                return comments
            }
        }
    }

    func insert(_ comment: CommentCreate) async throws -> Comment {
        try await write { [now] connection in
            let now = now()
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
            return Comment(
                id: Int(connection.lastInsertRowID), talkID: comment.talkID, userIP: comment.userIP,
                text: comment.text, createdAt: now, updatedAt: now)
        }
    }

    func update(_ id: Int, _ update: CommentUpdate) async throws -> Comment? {
        try await write { [now] connection in
            let change = try connection.prepare(
                """
                UPDATE comment SET comment_text = ?2, updated_at = ?3
                WHERE id = ?1 AND comment_text IS NOT ?2
                """)
            try change.bind(id, at: 1)
            try change.bind(update.text, at: 2)
            try change.bind(now().microseconds, at: 3)
            try change.run()
            return try Self.find(id, connection)
        }
    }

    func delete(_ id: Int) async throws -> Bool {
        try await write { connection in
            let delete = try connection.prepare("DELETE FROM comment WHERE id = ?1")
            try delete.bind(id, at: 1)
            try delete.run()
            return connection.changes > 0
        }
    }

    private static func find(_ id: Int, _ connection: Connection) throws -> Comment? {
        let row = try connection.prepare(
            """
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment WHERE id = ?1
            """)
        try row.bind(id, at: 1)
        return try row.step() ? Comment(row: row) : nil
    }

    private static func select(_ query: CommentQuery, _ connection: Connection) throws -> Statement {
        let rows: Statement
        if let talkID = query.talkID {
            rows = try connection.prepare(
                """
                SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
                WHERE talk_id = ?3 ORDER BY id LIMIT ?1 OFFSET ?2
                """)
            try rows.bind(talkID, at: 3)
        } else {
            rows = try connection.prepare(
                """
                SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
                ORDER BY id LIMIT ?1 OFFSET ?2
                """)
        }
        try rows.bind(query.limit, at: 1)
        try rows.bind(query.offset, at: 2)
        return rows
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    private func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}

extension Comment {
    /// The comment of the row that the statement stands on.
    fileprivate init(row: Statement) {
        self.init(
            id: row.int(at: 0), talkID: row.int(at: 1), userIP: row.text(at: 2), text: row.text(at: 3),
            createdAt: Timestamp(microseconds: row.int(at: 4)),
            updatedAt: Timestamp(microseconds: row.int(at: 5)))
    }
}
