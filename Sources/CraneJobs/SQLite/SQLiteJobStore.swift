public import CraneSQLite
public import CraneSchema
import CraneSystem

/// Jobs in SQLite, in the tables of `Migration.jobs`: written by the database's one writer, with all else that waits to be written.
///
/// One process owns the file. So a worker that enters finds what others ran left behind, and nothing is polled: the writer tells of
/// each commit.
public struct SQLiteJobStore: JobStore {
    package let database: Database

    /// The database's migrations must have been applied: see `Migration.jobs`.
    public init(_ database: Database) {
        self.database = database
    }

    public var isShared: Bool { false }

    public func observe(_ body: @escaping @Sendable ([JobEvent]) -> Void) {
        database.observeCommits { notes, _ in
            let news = notes.notes(of: JobEvent.self)
            if !news.isEmpty { body(news) }
        }
    }

    public func enqueue(_ jobs: [NewJob]) async throws -> [Int] {
        try await database.write { connection in try jobs.map { try connection.enqueue($0) } }
    }

    // MARK: Workers

    public func begin(_ worker: UniqueID, node: String, at now: Timestamp) async throws {
        try await database.write { connection in
            try connection.prepare("DELETE FROM job_worker").run()
            let insert = try connection.prepare("INSERT INTO job_worker VALUES (:id, :node, :now, :now)")
            try insert.bind("id", worker.description)
            try insert.bind("node", node)
            try insert.bind("now", now)
            try insert.run()
            try Self.rescue(at: now, connection)
        }
    }

    public func beat(_ worker: UniqueID, at now: Timestamp) async throws -> JobHeartbeat {
        try await database.write { connection in
            let beat = try connection.prepare("UPDATE job_worker SET heartbeat_at = :now WHERE id = :id")
            try beat.bind("now", now)
            try beat.bind("id", worker.description)
            try beat.run()
            let isAlive = connection.changes > 0
            let cancelled = try connection.prepare(
                "SELECT id FROM job WHERE state = 'running' AND is_cancelled AND worker = :worker")
            try cancelled.bind("worker", worker.description)
            var ids: [Int] = []
            while try cancelled.step() { ids.append(try cancelled.int("id")) }
            return JobHeartbeat(isAlive: isAlive, cancelled: ids)
        }
    }

    public func end(_ worker: UniqueID, at now: Timestamp) async throws {
        try await database.write { connection in
            let running = try connection.prepare(
                "SELECT id, attempt FROM job WHERE state = 'running' AND worker = :worker")
            try running.bind("worker", worker.description)
            var ends: [JobResult] = []
            while try running.step() {
                ends.append(
                    JobResult(id: try running.int("id"), attempt: try running.int("attempt"), .released))
            }
            for end in ends { _ = try Self.end(end, worker.description, at: now, connection) }
            let delete = try connection.prepare("DELETE FROM job_worker WHERE id = :id")
            try delete.bind("id", worker.description)
            try delete.run()
        }
    }

    public func rescue(silentSince oldest: Timestamp, at now: Timestamp) async throws -> Int {
        try await database.write { connection in
            let delete = try connection.prepare("DELETE FROM job_worker WHERE heartbeat_at < :oldest")
            try delete.bind("oldest", oldest)
            try delete.run()
            return try Self.rescue(at: now, connection)
        }
    }

    /// Gives back what workers ran that are no more; how many jobs.
    @discardableResult
    private static func rescue(at now: Timestamp, _ connection: Connection) throws -> Int {
        let left = try connection.prepare(
            """
            SELECT id, attempt, attempts, worker FROM job
            WHERE state = 'running' AND NOT EXISTS (SELECT 1 FROM job_worker WHERE job_worker.id = job.worker)
            """)
        var ends: [(end: JobResult, worker: String)] = []
        while try left.step() {
            let attempt = try left.int("attempt")
            let isLast = try attempt >= left.int("attempts")
            let outcome = JobResult.Outcome.failed("its worker is gone", again: isLast ? nil : now)
            ends.append(
                (JobResult(id: try left.int("id"), attempt: attempt, outcome), try left.text("worker")))
        }
        for (end, worker) in ends { _ = try Self.end(end, worker, at: now, connection) }
        if !ends.isEmpty { try count(done: 0, failed: ends.count, at: now, connection) }
        return ends.count
    }

    public func prune(_ retention: JobRetention, at now: Timestamp) async throws -> Int {
        try await database.write { connection in
            var removed = 0
            for state in Job.State.allCases where state.hasEnded {
                let lifetime = state == .dead ? retention.dead : retention.done
                let prune = try connection.prepare(Self.pruning)
                try prune.bind("state", state)
                try prune.bind("oldest", now.advanced(by: .zero - lifetime))
                try prune.bind("kept", retention.count)
                try prune.run()
                removed += connection.changes
            }
            let minutes = try connection.prepare("DELETE FROM job_minute WHERE minute < :oldest")
            try minutes.bind("oldest", now.microseconds / 60_000_000 - 24 * 60)
            try minutes.run()
            return removed
        }
    }

    private static let pruning = SQL(
        """
        DELETE FROM job WHERE id IN (
            SELECT id FROM job INDEXED BY job_over
            WHERE state = :state AND state NOT IN ('waiting', 'running') AND finished_at <= max(:oldest - 1, ifnull((
                SELECT finished_at FROM job INDEXED BY job_over
                WHERE state = :state AND state NOT IN ('waiting', 'running')
                ORDER BY finished_at DESC LIMIT 1 OFFSET :kept), :oldest - 1))
            ORDER BY finished_at LIMIT 500)
        """)

    static var now: Timestamp { Timestamp(microseconds: Int(SystemTime.wall() / 1000)) }
}
