import Crane
import CranePostgres
import CraneSQLite
import CraneSchema

/// One copy of an SQLite file into an empty PostgreSQL, in steps that are each committed, so that it can be gone on with.
struct PostgresCopy {
    /// Opened by this process alone, and migrated.
    let source: Database
    /// To a database whose migrations have been applied.
    let session: PostgresBlockingSession
    /// So many rows go in one statement at most, and about so many bytes of texts.
    var rows = 1000
    private static let bytes = 1 << 20

    func run(leavingTasks: Bool, progress: (Int, Int) throws -> Void) throws -> DatabaseCopy.Outcome {
        let tasks = try source.read { connection in
            try Self.count("celery_message WHERE NOT is_transient", connection)
        }
        guard leavingTasks || tasks == 0 else {
            throw OperationError(
                """
                \(tasks) tasks of Celery's wait in the file's broker, which PostgreSQL has no place for: let the workers end \
                them, or leave them there by --without-tasks
                """)
        }
        // Each statement is bounded by what it is given.
        try session.execute("SET statement_timeout = 0")
        try begin()
        var outcome = DatabaseCopy.Outcome()
        try copyComments(progress)
        try copyKeys()
        try copyHeld()
        try copyStandings()
        try copyAuthors()
        try copyVotes()
        try copyLog()
        try copyEndedJobs()
        try session.transaction {
            outcome.users = try copyUsers()
            outcome.talks = try copyTalks()
            outcome.jobs = try copyOpenJobs()
            outcome.comments = try end()
        }
        return outcome
    }

    /// Notes whose copy it is, or finds that it goes on.
    private func begin() throws {
        let mark = try source.read { connection in try Self.mark(of: connection) }
        try session.transaction {
            try session.execute(PostgresChangeLog.lock)
            if let copy = try session.execute("SELECT source, is_over FROM copy").first {
                if try copy.bool("is_over") { throw OperationError("a copy into it has ended already") }
                guard try copy.text("source") == mark else {
                    throw OperationError(
                        "a copy of another file into it, or of this one before it was changed, has begun: take an empty database"
                    )
                }
                return
            }
            let found = try session.execute(
                """
                SELECT EXISTS (SELECT FROM comment) OR EXISTS (SELECT FROM change)
                    OR EXISTS (SELECT FROM "user" WHERE NOT is_demo)
                    OR EXISTS (SELECT FROM job WHERE state IN ('waiting', 'running')) AS is_used
                """)
            if try found[0].bool("is_used") { throw OperationError("the PostgreSQL is not empty") }
            // What a node that was started before has done by night.
            try session.execute("DELETE FROM job")
            try session.execute("INSERT INTO copy (id, source) VALUES (1, \(mark))")
        }
    }

    /// Another one as soon as any comment of the file is changed, or a job ends or is tried again.
    private static func mark(of connection: Connection) throws -> String {
        let row = try connection.prepare(
            """
            SELECT (SELECT ifnull(sum(last), 0) FROM (SELECT max(seq) AS last FROM change GROUP BY talk_id)) || '-' || count(*)
                || '-' || ifnull(sum(id), 0) || '-' || ifnull(sum(attempt), 0) || '-' || ifnull(max(finished_at), 0) AS changes
            FROM job WHERE \(hasEnded)
            """ as String)
        let changes = try row.step() ? row.text("changes") : ""
        return "\(try FeedEpoch.current(connection))-\(changes)"
    }

    // MARK: Comments and their keys

    private func copyComments(_ progress: (Int, Int) throws -> Void) throws {
        let there = try session.execute(
            "SELECT count(*) AS done, coalesce(max(id), \(Int.min)) AS last FROM comment")[0]
        var (done, last) = (try there.int("done"), try there.int("last"))
        let total = try source.read { connection in try Self.count("comment", connection) }
        while true {
            let batch = try source.read { connection in try comments(behind: last, connection) }
            guard let end = batch.last else { return }
            try session.execute(Self.insertion(of: batch))
            last = end.id
            done += batch.count
            try progress(done, total)
        }
    }

    static func count(_ table: String, _ connection: Connection) throws -> Int {
        let count = try connection.prepare("SELECT count(*) AS total FROM \(table)")
        return try count.step() ? count.int("total") : 0
    }

    private func comments(behind last: Int, _ connection: Connection) throws -> [Comment] {
        let found = try connection.prepare(
            "SELECT \(Comment.table.columnList()) FROM comment WHERE id > :last ORDER BY id LIMIT :count")
        try found.bind("last", last)
        try found.bind("count", rows)
        var comments: [Comment] = []
        var room = Self.bytes
        while room > 0, try found.step() {
            let comment = try found.row(Comment.self)
            room -= comment.text.utf8.count
            comments.append(comment)
        }
        return comments
    }

    static func insertion(of comments: [Comment]) -> PostgresQuery {
        """
        INSERT INTO comment (id, talk_id, user_ip, comment_text, created_at, updated_at, words)
        SELECT id, talk_id, user_ip, comment_text, created_at, updated_at, words::tsvector
        FROM unnest(\(comments.map(\.id)), \(comments.map(\.talkID)),
            \(comments.map { PostgresBytes(Array($0.userIP.utf8)) }),
            \(comments.map { PostgresBytes(Array($0.text.utf8)) }), \(comments.map(\.createdAt)),
            \(comments.map(\.updatedAt)), \(comments.map { SearchVector.text(of: $0.text) }))
            AS kept (id, talk_id, user_ip, comment_text, created_at, updated_at, words)
        """
    }

    private func copyKeys() throws {
        try copy(behind: "") { last, connection in
            let found = try connection.prepare(
                "SELECT * FROM comment_key WHERE key > :last ORDER BY key LIMIT :count")
            try found.bind("last", last)
            return try Self.rows(of: found, rows) {
                (
                    key: try found.text("key"), comment: try found.int("comment_id"),
                    digest: try found.blob("digest"), at: try found.value("created_at", as: Timestamp.self)
                )
            }
        } into: { keys in
            """
            INSERT INTO comment_key (key, comment_id, digest, created_at)
            SELECT * FROM unnest(\(keys.map(\.key)), \(keys.map(\.comment)),
                \(keys.map { PostgresBytes($0.digest) }), \(keys.map(\.at))) ON CONFLICT (key) DO NOTHING
            """
        } key: {
            $0.key
        }
    }

    /// Copies rows a batch at a time, each behind the key of the last one.
    func copy<Row, Key>(
        behind first: Key, _ read: (Key, Connection) throws -> [Row],
        into insertion: ([Row]) -> PostgresQuery,
        key: (Row) -> Key
    ) throws {
        var last = first
        while true {
            let batch = try source.read { connection in try read(last, connection) }
            guard let end = batch.last else { return }
            try session.execute(insertion(batch))
            last = key(end)
        }
    }

    /// The first rows of a statement that is bound but for `count`.
    static func rows<Row>(
        of statement: Statement, _ count: Int, _ row: () throws -> Row
    ) throws -> [Row] {
        try statement.bind("count", count)
        var rows: [Row] = []
        while try statement.step() { rows.append(try row()) }
        return rows
    }
}
