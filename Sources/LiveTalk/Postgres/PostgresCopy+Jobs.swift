import CranePostgres
import CraneSQLite
import CraneSchema

// Jobs as they are, with their ids, keys, attempts and times. Those that have ended come behind what is there already; whatever is yet to
// be done comes in the transaction of the end, so that no node begins any before.
extension PostgresCopy {
    static let hasEnded = "state NOT IN ('waiting', 'running')"

    /// Some hundred at once, as an input may be long.
    private var jobsAtOnce: Int { min(rows, 100) }

    func copyEndedJobs() throws {
        let last = try session.execute("SELECT coalesce(max(id), \(Int.min)) AS last FROM job")[0]
        try copyJobs(Self.hasEnded, behind: last.int("last"))
    }

    /// Copies what is yet to be done, in the transaction of the end: jobs that wait, or that a service ran which has died (a node gives those
    /// back, as it knows no such worker), the schedules, and which queues are paused; how many jobs there are.
    ///
    /// The log is copied before: all of it was told to webhooks, or stands in the jobs.
    func copyOpenJobs() throws -> Int {
        try copyJobs("NOT (\(Self.hasEnded))", behind: .min)
        try source.read { connection in
            let schedules = try connection.prepare("SELECT name, cron, zone, task, next_at FROM job_schedule")
            while try schedules.step() {
                // A node that was started before has entered its own.
                try session.execute(
                    """
                    INSERT INTO job_schedule (name, cron, zone, task, next_at)
                    VALUES (\(try schedules.text("name")), \(try schedules.text("cron")), \(try schedules.text("zone")),
                        \(try schedules.text("task")), \(try schedules.value("next_at", as: Timestamp.self)))
                    ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, zone = excluded.zone, task = excluded.task,
                        next_at = excluded.next_at
                    """)
            }
            let paused = try connection.prepare("SELECT name FROM job_queue WHERE is_paused")
            while try paused.step() {
                try session.execute(
                    "INSERT INTO job_queue (name) VALUES (\(try paused.text("name"))) ON CONFLICT (name) DO NOTHING"
                )
            }
        }
        try session.execute(
            "UPDATE webhook_place SET position = (SELECT coalesce(max(position), 0) FROM change)")
        let copied = try session.execute("SELECT count(*) AS total FROM job")[0].int("total")
        let jobs = try source.read { connection in try Self.count("job", connection) }
        guard copied == jobs else {
            throw OperationError("\(copied) of \(jobs) jobs are there: something else has written meanwhile")
        }
        return jobs
    }

    private func copyJobs(_ condition: String, behind first: Int) throws {
        try copy(behind: first) { last, connection in
            let found = try connection.prepare(
                "SELECT * FROM job WHERE id > :last AND \(condition) ORDER BY id LIMIT :count" as String)
            try found.bind("last", last)
            return try Self.rows(of: found, jobsAtOnce) { try JobRow(found) }
        } into: {
            Self.insertion(of: $0)
        } key: {
            $0.id
        }
    }

    private static func insertion(of jobs: [JobRow]) -> PostgresQuery {
        """
        INSERT INTO job (id, task, queue, priority, state, run_at, attempt, attempts, input, unique_key, limit_key, key_limit,
            worker, is_cancelled, progress, failures, created_at, started_at, finished_at)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest(\(jobs.map(\.id)), \(jobs.map(\.task)), \(jobs.map(\.queue)), \(jobs.map(\.priority)),
            \(jobs.map(\.state)), \(jobs.map(\.runAt)), \(jobs.map(\.attempt)), \(jobs.map(\.attempts)),
            \(jobs.map(\.input)), \(jobs.map(\.uniqueKey)), \(jobs.map(\.limitKey)), \(jobs.map(\.limit)),
            \(jobs.map(\.worker)), \(jobs.map(\.isCancelled)), \(jobs.map(\.progress)), \(jobs.map(\.failures)),
            \(jobs.map(\.createdAt)), \(jobs.map(\.startedAt)), \(jobs.map(\.finishedAt)))
        """
    }
}

/// A job's columns, with its JSON as it was written.
private struct JobRow {
    let id: Int
    let task: String
    let queue: String
    let priority: Int
    let state: String
    let runAt: Timestamp
    let attempt: Int
    let attempts: Int
    let input: String
    let uniqueKey: PostgresBytes?
    let limitKey: PostgresBytes
    let limit: Int?
    let worker: String?
    let isCancelled: Bool
    let progress: Double?
    let failures: String
    let createdAt: Timestamp
    let startedAt: Timestamp?
    let finishedAt: Timestamp?

    init(_ row: Statement) throws {
        id = try row.int("id")
        task = try row.text("task")
        queue = try row.text("queue")
        priority = try row.int("priority")
        state = try row.text("state")
        runAt = try row.value("run_at", as: Timestamp.self)
        attempt = try row.int("attempt")
        attempts = try row.int("attempts")
        input = try row.text("input")
        uniqueKey = try row.value("unique_key", as: String?.self).map { PostgresBytes(Array($0.utf8)) }
        limitKey = PostgresBytes(Array(try row.text("limit_key").utf8))
        limit = try row.value("key_limit", as: Int?.self)
        worker = try row.value("worker", as: String?.self)
        isCancelled = try row.int("is_cancelled") != 0
        progress = try row.value("progress", as: Double?.self)
        failures = try row.text("failures")
        createdAt = try row.value("created_at", as: Timestamp.self)
        startedAt = try row.value("started_at", as: Timestamp?.self)
        finishedAt = try row.value("finished_at", as: Timestamp?.self)
    }
}
