import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Synchronization

/// Comments in SQLite's table `comment`.
final class SQLiteCommentStore: CommentStore, SQLiteStore {
    let database: Database
    /// Where every change is entered.
    let changes: ChangeLog
    private let memory = TalkMemory()
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
        _ database: Database, changes: ChangeLog = ChangeLog(), longReads: Int = 1,
        longReadLimit: Duration = .seconds(2),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.changes = changes
        self.longReads = WorkQueue(places: 0..<longReads, waiting: 32)
        self.longReadLimit = longReadLimit
        self.now = now
    }

    func comment(_ id: Int) throws -> Comment? {
        try read { connection in try connection.find(Comment.self, id) }
    }

    @inline(__always)
    func representation(of id: Int) throws -> Eventual<CommentRepresentation?> {
        .ready(try presentRepresentation(of: id))
    }

    private func presentRepresentation(of id: Int) throws -> CommentRepresentation? {
        try read { connection in
            guard let row = try connection.statement(on: Comment.self, id) else { return nil }
            var isWritten = false
            let json = try JSONWriter.bytes(capacity: 256) { json in
                isWritten = try row.writer(of: Comment.self).write(to: &json, longest: LongBody.piece)
            }
            guard isWritten else { return try Self.longRepresentation(row) }
            return .json(json, updatedAt: Timestamp(microseconds: try row.int("updated_at")))
        }
    }

    /// Apart, so that the others need no room for it.
    @inline(never)
    private static func longRepresentation(_ row: Statement) throws -> CommentRepresentation {
        .long(try row.row(Comment.self))
    }

    func shortList(_ query: CommentQuery) throws -> CommentList? {
        if query.isLong { return nil }
        let list = try list(query, bound: CommentQuery.shortBytes, longest: CommentQuery.shortBytes)
        return list.isCut ? nil : list
    }

    func longList(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        try await longReads.run(on: loop, for: client) { [self] _, cancellation in
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
            let ids = try query.rest(behind: last, taken: list.count, of: query.limit).selectIDs(connection)
            while try ids.step() { list.skip(id: try ids.int("id")) }
        }
    }

    func insert(
        _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String?
    ) async throws -> Comment {
        let key = key.map { (text: $0.text, digest: IdempotencyKeys.digest(of: comment, $0)) }
        // It may run twice: what is beside the database's rows is the log's turn to let old changes go.
        return try await write(isRepeatable: true) { [now, changes, memory] connection in
            let now = now()
            let found = connection.contentVersion
            if let key,
                let earlier = try IdempotencyKeys.find(
                    key.text, for: comment, key.digest, at: now, connection)
            {
                return earlier
            }
            let talk = memory.talk(comment.talkID, connection)
            let rules = if let talk { talk.rules } else { try TalkRules.find(comment.talkID, connection) }
            if rules?.isClosed ?? false { throw TalkConflict.closed }
            try participant?.check(at: now, connection)
            let inserted = try Self.insert(comment, at: now, connection)
            try participant?.sign(inserted.id, as: name, connection)
            let waits = rules?.holds(comment.text) ?? false
            if waits { try HeldComment.hold(inserted.id, as: .waiting, connection) }
            let change = try changes.append(
                .created, of: inserted.id, in: inserted.talkID, at: now, isOpen: !waits,
                after: talk?.newest, connection)
            if let key { try IdempotencyKeys.remember(key.text, key.digest, inserted, connection) }
            if inserted.id % SearchIndex.batch == 0 { try SearchIndex.extend(connection) }
            // One that waits has another change behind its own.
            if !waits {
                memory.remember(
                    inserted.talkID, TalkMemory.Known(rules: rules, newest: ChangeLog.Newest(change)),
                    found: found, connection)
            }
            return inserted
        }
    }

    /// FAIL: a post that fails is undone as a whole, and SQLite keeps nothing to undo this statement with its triggers alone
    /// (https://sqlite.org/lang_conflict.html).
    private static let insertion = SQL(
        """
        INSERT OR FAIL INTO comment (talk_id, user_ip, comment_text, created_at, updated_at)
        VALUES (:talk_id, :user_ip, :comment_text, :created_at, :updated_at)
        """)

    private static func insert(
        _ comment: CommentCreate, at now: Timestamp, _ connection: Connection
    ) throws -> Comment {
        let insert = try connection.prepare(insertion)
        try insert.bind("talk_id", comment.talkID)
        try insert.bind("user_ip", comment.userIP)
        try insert.bind("comment_text", comment.text)
        try insert.bind("created_at", now)
        try insert.bind("updated_at", now)
        try insert.run()
        return Comment(
            id: Int(connection.lastInsertRowID), talkID: comment.talkID, userIP: comment.userIP,
            text: comment.text, createdAt: now, updatedAt: now)
    }

    func update(
        _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> Comment? {
        try await write { [now, changes] connection in
            if let condition, let comment = try Self.find(id, for: editor, connection) {
                guard condition(comment) else { throw CommentConflict.changed }
            }
            let now = now()
            let change = try connection.prepare(
                """
                UPDATE comment SET comment_text = :comment_text, updated_at = max(:now, updated_at + 1)
                WHERE id = :id AND comment_text IS NOT :comment_text
                """)
            try change.bind("id", id)
            try change.bind(members: update)
            try change.bind("now", now)
            try change.run()
            let isChanged = connection.changes > 0
            if let comment = try connection.find(Comment.self, id) {
                guard isChanged else { return comment }
                let rules = editor == .moderator ? nil : try TalkRules.find(comment.talkID, connection)
                let waits = rules?.holds(comment.text) ?? false
                if waits { try HeldComment.hold(id, as: .waiting, connection) }
                try changes.append(
                    waits ? .hidden : .updated, of: id, in: comment.talkID, at: now, connection)
                return comment
            }
            guard editor != .anybody else { return nil }
            let isHeldChanged = try HeldComment.update(id, update, at: now, connection)
            guard let comment = try HeldComment.find(id, connection) else { return nil }
            if isHeldChanged {
                try changes.append(.updated, of: id, in: comment.talkID, at: now, isOpen: false, connection)
            }
            return comment
        }
    }

    func delete(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws -> Bool {
        try await write { [now, changes] connection in
            guard let comment = try Self.find(id, for: editor, connection) else { return false }
            guard condition?(comment) ?? true else { throw CommentConflict.changed }
            let delete = try connection.prepare("DELETE FROM comment WHERE id = :id")
            try delete.bind("id", id)
            try delete.run()
            let isShown = connection.changes > 0
            if !isShown { _ = try HeldComment.delete(id, connection) }
            try Standing.forget(id, connection)
            try changes.append(.deleted, of: id, in: comment.talkID, at: now(), isOpen: isShown, connection)
            return true
        }
    }

    /// The comment, as far as the editor reaches.
    private static func find(
        _ id: Int, for editor: CommentEditor, _ connection: Connection
    ) throws -> Comment? {
        if let comment = try connection.find(Comment.self, id) { return comment }
        return editor == .anybody ? nil : try HeldComment.find(id, connection)
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
