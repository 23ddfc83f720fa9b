public import CraneHTTP
public import CraneJobs
import CranePostgres
public import CraneSchema

extension PostgresJobStore {
    /// How far is counted.
    private static let countBound = 100_000

    public func job(_ id: Int) async throws -> Job? {
        try await database.query(Self.finding(id)).rows(Job.self).first
    }

    /// Searches for as long as the server works on a statement (`PostgresConfiguration.statementTimeout`).
    public func jobs(_ query: JobQuery, on loop: any LoopServices) async throws -> [Job] {
        guard let selection = Self.selection(query) else { return [] }
        return try await database.query(selection).rows(Job.self)
    }

    private static let columns = Job.table.columns.map(\.name).joined(separator: ", ")

    package static func finding(_ id: Int) -> PostgresQuery {
        "SELECT \(raw: columns) FROM job WHERE id = \(id)"
    }

    /// The jobs that are asked for; `nil` where none can be: PostgreSQL's texts have no U+0000.
    package static func selection(_ query: JobQuery) -> PostgresQuery? {
        if [query.task, query.queue, query.text].contains(where: { $0?.utf8.contains(0) ?? false }) {
            return nil
        }
        // A state by its name: the server knows then how rare it is.
        let state = query.state.map { " AND state = '\($0.rawValue)'" } ?? ""
        return """
            SELECT \(raw: columns) FROM job
            WHERE id < \(query.before ?? .max)\(raw: state)
                AND (\(query.task)::text IS NULL OR task = \(query.task))
                AND (\(query.queue)::text IS NULL OR queue = \(query.queue))
                AND (\(query.text)::text IS NULL OR strpos(input, \(query.text)) > 0 OR strpos(task, \(query.text)) > 0
                    OR strpos(failures, \(query.text)) > 0 OR id::text = \(query.text))
            ORDER BY id DESC LIMIT \(query.limit)
            """
    }

    /// What waits, for metrics.
    public func backlog() async throws -> JobBacklog {
        let row = try await database.query(
            """
            SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(run_at)) * 1000000, 0)::bigint AS waits, (
                SELECT count(*) FROM (
                    SELECT FROM job WHERE state = 'dead' AND finished_at IS NOT NULL LIMIT 10000) AS dead
            ) AS dead
            FROM (SELECT run_at FROM job WHERE state = 'waiting' LIMIT 10000) AS waiting WHERE run_at <= now()
            """)[0]
        var backlog = JobBacklog()
        backlog.due = try row.int("due")
        backlog.microseconds = try row.int("waits")
        backlog.dead = try row.int("dead")
        return backlog
    }

    package static let runningCount: PostgresQuery =
        "SELECT count(*) AS count FROM job WHERE state = 'running'"

    // MARK: Summary

    public func summary(at now: Timestamp, on loop: any LoopServices) async throws -> JobSummary {
        let queues = try await queues()
        var counts = JobSummary.Counts()
        let ended = try await database.query(
            """
            SELECT (SELECT count(*) FROM (SELECT FROM job WHERE state = 'waiting' AND run_at > \(now) LIMIT \(Self.countBound)) AS x)
                    AS later,
                (SELECT count(*) FROM (SELECT FROM job WHERE state = 'done' AND finished_at IS NOT NULL LIMIT \(Self.countBound)) AS x)
                    AS done,
                (SELECT count(*) FROM (SELECT FROM job WHERE state = 'dead' AND finished_at IS NOT NULL LIMIT \(Self.countBound)) AS x)
                    AS dead,
                (SELECT count(*) FROM (SELECT FROM job WHERE state = 'cancelled' AND finished_at IS NOT NULL LIMIT \(Self.countBound)) AS x)
                    AS cancelled,
                (SELECT min(run_at) FROM (SELECT run_at FROM job WHERE state = 'waiting' LIMIT \(Self.countBound)) AS x
                    WHERE run_at <= \(now)) AS oldest
            """)[0]
        counts.later = try ended.int("later")
        counts.due = max(0, queues.reduce(0) { $0 + $1.waiting } - counts.later)
        counts.running = queues.reduce(0) { $0 + $1.running }
        counts.done = try ended.int("done")
        counts.dead = try ended.int("dead")
        counts.cancelled = try ended.int("cancelled")
        return JobSummary(
            counts: counts, oldestDue: try ended.value("oldest", as: Timestamp?.self), queues: queues,
            workers: try await workers(), schedules: try await schedules(),
            minutes: try await minutes(since: now.microseconds / 60_000_000 - 60))
    }

    private func queues() async throws -> [JobSummary.Queue] {
        let rows = try await database.query(
            """
            WITH known AS (
                SELECT queue, 1 AS waiting, 0 AS running, false AS is_paused
                FROM (SELECT queue FROM job WHERE state = 'waiting' LIMIT \(Self.countBound)) AS x
                UNION ALL
                SELECT queue, 0, 1, false FROM (SELECT queue FROM job WHERE state = 'running' LIMIT \(Self.countBound)) AS y
                UNION ALL
                SELECT name, 0, 0, true FROM job_queue
            )
            SELECT queue, sum(waiting) AS waiting, sum(running) AS running, bool_or(is_paused) AS is_paused
            FROM known GROUP BY queue ORDER BY queue COLLATE "C"
            """)
        return try rows.map { row in
            JobSummary.Queue(
                name: try row.text("queue"), isPaused: try row.bool("is_paused"),
                waiting: try row.int("waiting"),
                running: try row.int("running"))
        }
    }

    private func workers() async throws -> [JobSummary.Worker] {
        let rows = try await database.query(
            "SELECT id, node, started_at, heartbeat_at FROM job_worker ORDER BY started_at, id LIMIT 1000")
        return try rows.map { row in
            JobSummary.Worker(
                id: try row.text("id"), node: try row.text("node"),
                startedAt: try row.timestamp("started_at"),
                heartbeatAt: try row.timestamp("heartbeat_at"))
        }
    }

    private func schedules() async throws -> [JobSchedule] {
        let rows = try await database.query(
            "SELECT name, cron, zone, task, next_at FROM job_schedule ORDER BY next_at, name LIMIT 1000")
        return try rows.map { row in
            JobSchedule(
                name: try row.text("name"), cron: try row.text("cron"), zone: try row.text("zone"),
                task: try row.text("task"), next: try row.timestamp("next_at"))
        }
    }

    private func minutes(since start: Int) async throws -> [JobSummary.Minute] {
        let rows = try await database.query(
            """
            SELECT minute, sum(done)::bigint AS done, sum(failed)::bigint AS failed FROM job_minute
            WHERE minute > \(start) GROUP BY minute ORDER BY minute
            """)
        return try rows.map { row in
            JobSummary.Minute(
                at: Timestamp(microseconds: try row.int("minute") * 60_000_000), done: try row.int("done"),
                failed: try row.int("failed"))
        }
    }
}
