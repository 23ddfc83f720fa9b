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

    func run(leavingTalks: Bool, progress: (Int, Int) throws -> Void) throws -> DatabaseCopy.Outcome {
        let left = try source.read { connection in try Self.left(connection) }
        guard leavingTalks || left.isEmpty else {
            throw OperationError(
                "PostgreSQL has no place yet for \(left.joined(separator: ", ")): --without-talks leaves them in the file"
            )
        }
        // Each statement is bounded by what it is given.
        try session.execute("SET statement_timeout = 0")
        try begin()
        var outcome = DatabaseCopy.Outcome()
        try copyComments(progress)
        try copyKeys()
        outcome.hasLog = try source.read { connection in try Self.isOfCommentsAlone(connection) }
        if outcome.hasLog { try copyLog() }
        try session.transaction {
            outcome.users = try copyUsers()
            outcome.comments = try end(outcome.hasLog)
        }
        return outcome
    }

    /// What the file has and PostgreSQL has no place for, in words.
    private static func left(_ connection: Connection) throws -> [String] {
        var left: [String] = []
        for (what, rows) in [
            ("talks", "talk"), ("comments that wait or are hidden", "held_comment"), ("votes", "vote"),
            ("authors of comments", "author"), ("jobs", "job WHERE state IN ('waiting', 'running')"),
            ("stages and answers", "standing WHERE stage <> 'none' OR is_pinned OR answer IS NOT NULL"),
        ] {
            let count = try connection.prepare("SELECT count(*) AS total FROM \(rows)")
            let total = try count.step() ? count.int("total") : 0
            if total > 0 { left.append("\(total) \(what)") }
        }
        return left
    }

    /// Whether everybody may know of all changes, and all are what PostgreSQL's log has.
    private static func isOfCommentsAlone(_ connection: Connection) throws -> Bool {
        let other = try connection.prepare(
            """
            SELECT EXISTS (
                SELECT 1 FROM change WHERE kind > 2 OR is_open = 0 OR comment_id IS NULL OR prev <> seq - 1
            ) AS is_there
            """)
        return try other.step() && other.int("is_there") == 0
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
                    OR EXISTS (SELECT FROM "user" WHERE NOT is_demo) AS is_used
                """)
            if try found[0].bool("is_used") { throw OperationError("the PostgreSQL is not empty") }
            try session.execute("INSERT INTO copy (id, source) VALUES (1, \(mark))")
        }
    }

    /// Another one as soon as any comment of the file is changed.
    private static func mark(of connection: Connection) throws -> String {
        let row = try connection.prepare(
            "SELECT ifnull(sum(last), 0) AS changes FROM (SELECT max(seq) AS last FROM change GROUP BY talk_id)"
        )
        let changes = try row.step() ? row.int("changes") : 0
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

    private static func insertion(of comments: [Comment]) -> PostgresQuery {
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
        var last = ""
        while true {
            let keys = try source.read { connection in
                let found = try connection.prepare(
                    "SELECT * FROM comment_key WHERE key > :last ORDER BY key LIMIT :count")
                try found.bind("last", last)
                try found.bind("count", rows)
                var keys: [(text: String, comment: Int, digest: [UInt8], at: Timestamp)] = []
                while try found.step() {
                    keys.append(
                        (
                            try found.text("key"), try found.int("comment_id"), try found.blob("digest"),
                            try found.value("created_at", as: Timestamp.self)
                        ))
                }
                return keys
            }
            guard let end = keys.last else { return }
            try session.execute(
                """
                INSERT INTO comment_key (key, comment_id, digest, created_at)
                SELECT * FROM unnest(\(keys.map(\.text)), \(keys.map(\.comment)),
                    \(keys.map { PostgresBytes($0.digest) }), \(keys.map(\.at))) ON CONFLICT (key) DO NOTHING
                """)
            last = end.text
        }
    }

    // MARK: The log of changes

    private func copyLog() throws {
        let there = try session.execute("SELECT talk_id, seq FROM change ORDER BY position DESC LIMIT 1")
            .first
        var (talk, seq) = (try there?.int("talk_id") ?? .min, try there?.int("seq") ?? 0)
        while true {
            let changes = try source.read { connection in try self.changes(behind: talk, seq, connection) }
            guard let end = changes.last else { return }
            try session.execute(
                """
                INSERT INTO change (talk_id, seq, kind, comment_id, at)
                SELECT talk_id, seq, kind, comment_id, at
                FROM unnest(\(changes.map(\.talkID)), \(changes.map(\.seq)), \(changes.map(\.kind)),
                    \(changes.map(\.commentID)), \(changes.map(\.at)))
                    WITH ORDINALITY AS kept (talk_id, seq, kind, comment_id, at, place)
                ORDER BY place
                """)
            (talk, seq) = (end.talkID, end.seq)
        }
    }

    private struct Entry {
        let talkID: Int
        let seq: Int
        let kind: Int
        let commentID: Int
        let at: Timestamp
    }

    private func changes(behind talk: Int, _ seq: Int, _ connection: Connection) throws -> [Entry] {
        let found = try connection.prepare(
            """
            SELECT talk_id, seq, kind, comment_id, at FROM change WHERE (talk_id, seq) > (:talk, :seq)
            ORDER BY talk_id, seq LIMIT :count
            """)
        try found.bind("talk", talk)
        try found.bind("seq", seq)
        try found.bind("count", rows)
        var changes: [Entry] = []
        while try found.step() {
            changes.append(
                Entry(
                    talkID: try found.int("talk_id"), seq: try found.int("seq"), kind: try found.int("kind"),
                    commentID: try found.int("comment_id"), at: try found.value("at", as: Timestamp.self)))
        }
        return changes
    }
}
