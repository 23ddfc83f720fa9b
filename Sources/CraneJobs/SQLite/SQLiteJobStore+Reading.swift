public import CraneHTTP
import CraneSQLite
public import CraneSchema

extension SQLiteJobStore {
    /// How far is counted, and how long is searched.
    private static let countBound = 100_000
    private static let patience = Duration.seconds(2)

    public func job(_ id: Int) async throws -> Job? {
        try database.read { connection in try connection.find(Job.self, id) }
    }

    public func jobs(_ query: JobQuery, on loop: any LoopServices) async throws -> [Job] {
        try await loop.blocking { [database] in
            try database.read { connection in
                try connection.limited(to: Self.patience) { try Self.jobs(query, connection) }
            }
        }
    }

    public func summary(at now: Timestamp, on loop: any LoopServices) async throws -> JobSummary {
        try await loop.blocking { [database] in
            try database.read { connection in
                try connection.limited(to: Self.patience) { try Self.summary(at: now, connection) }
            }
        }
    }

    package static func jobs(_ query: JobQuery, _ connection: Connection) throws -> [Job] {
        var conditions = ["id < :before"]
        // A state by its name, so that its partial index counts.
        if let state = query.state { conditions.append("state = '\(state.rawValue)'") }
        if query.task != nil { conditions.append("task = :task") }
        if query.queue != nil { conditions.append("queue = :queue") }
        if query.text != nil {
            conditions.append(
                "(instr(input, :text) OR instr(task, :text) OR instr(failures, :text) OR CAST(id AS TEXT) = :text)"
            )
        }
        let rows = try connection.prepare(
            """
            SELECT \(Job.table.columnList()) FROM job WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id DESC LIMIT :limit
            """ as String)
        try rows.bind("before", query.before ?? .max)
        if let task = query.task { try rows.bind("task", task) }
        if let queue = query.queue { try rows.bind("queue", queue) }
        if let text = query.text { try rows.bind("text", text) }
        try rows.bind("limit", query.limit)
        return try rows.rows(Job.self)
    }

    /// What waits, on the caller's thread; some hundred microseconds at most.
    public func backlog() throws -> JobBacklog {
        let now = Self.now
        return try database.read { connection in
            let due = try connection.prepare(
                """
                SELECT count(*) AS count, ifnull(min(run_at), :now) AS oldest
                FROM (SELECT run_at FROM job WHERE state = 'waiting' LIMIT 10000) WHERE run_at <= :now
                """)
            try due.bind("now", now)
            let dead = try connection.prepare(
                """
                SELECT count(*) AS count FROM (
                    SELECT 1 FROM job INDEXED BY job_over
                    WHERE state = 'dead' AND state NOT IN ('waiting', 'running') LIMIT 10000)
                """)
            var backlog = JobBacklog()
            if try due.step() {
                backlog.due = try due.int("count")
                backlog.microseconds = try max(0, now.microseconds - due.int("oldest"))
            }
            if try dead.step() { backlog.dead = try dead.int("count") }
            return backlog
        }
    }

    // MARK: Summary

    package static func summary(at now: Timestamp, _ connection: Connection) throws -> JobSummary {
        let (waiting, running) = try (count("waiting", connection), count("running", connection))
        var counts = JobSummary.Counts()
        counts.later = try count(
            "SELECT count(*) AS count FROM (SELECT 1 FROM job WHERE state = 'waiting' AND run_at > :now LIMIT :bound)",
            now, connection)
        counts.due = max(0, waiting.values.reduce(0, +) - counts.later)
        counts.running = running.values.reduce(0, +)
        counts.done = try countEnded(.done, connection)
        counts.dead = try countEnded(.dead, connection)
        counts.cancelled = try countEnded(.cancelled, connection)
        let paused = try paused(connection)
        let names = Set(waiting.keys).union(running.keys).union(paused).sorted()
        return JobSummary(
            counts: counts, oldestDue: try oldestDue(at: now, connection),
            queues: names.map {
                JobSummary.Queue(
                    name: $0, isPaused: paused.contains($0), waiting: waiting[$0] ?? 0,
                    running: running[$0] ?? 0)
            }, workers: try workers(connection), schedules: try schedules(connection),
            minutes: try minutes(since: now.advanced(by: .seconds(-3600)), connection))
    }

    /// How many jobs of a state are in each queue, as far as is counted.
    private static func count(_ state: String, _ connection: Connection) throws -> [String: Int] {
        let rows = try connection.prepare(
            """
            SELECT queue, count(*) AS count FROM (SELECT queue FROM job WHERE state = '\(state)' LIMIT :bound) GROUP BY queue
            """ as String)
        try rows.bind("bound", countBound)
        var counts: [String: Int] = [:]
        while try rows.step() { counts[try rows.text("queue")] = try rows.int("count") }
        return counts
    }

    private static func countEnded(_ state: Job.State, _ connection: Connection) throws -> Int {
        let rows = try connection.prepare(
            """
            SELECT count(*) AS count FROM (
                SELECT 1 FROM job INDEXED BY job_over
                WHERE state = '\(state.rawValue)' AND state NOT IN ('waiting', 'running') LIMIT :bound)
            """ as String)
        try rows.bind("bound", countBound)
        return try rows.step() ? rows.int("count") : 0
    }

    private static func count(_ sql: StaticString, _ now: Timestamp, _ connection: Connection) throws -> Int {
        let rows = try connection.prepare(sql)
        try rows.bind("now", now)
        try rows.bind("bound", countBound)
        return try rows.step() ? rows.int("count") : 0
    }

    private static func oldestDue(at now: Timestamp, _ connection: Connection) throws -> Timestamp? {
        let rows = try connection.prepare(
            "SELECT min(run_at) AS oldest FROM (SELECT run_at FROM job WHERE state = 'waiting' LIMIT :bound)")
        try rows.bind("bound", countBound)
        guard try rows.step(), let oldest = try rows.value("oldest", as: Timestamp?.self), oldest <= now
        else {
            return nil
        }
        return oldest
    }

    private static func paused(_ connection: Connection) throws -> Set<String> {
        let rows = try connection.prepare("SELECT name FROM job_queue WHERE is_paused")
        var names: Set<String> = []
        while try rows.step() { names.insert(try rows.text("name")) }
        return names
    }

    private static func workers(_ connection: Connection) throws -> [JobSummary.Worker] {
        let rows = try connection.prepare(
            "SELECT id, node, started_at, heartbeat_at FROM job_worker ORDER BY started_at")
        var workers: [JobSummary.Worker] = []
        while try rows.step() {
            workers.append(
                JobSummary.Worker(
                    id: try rows.text("id"), node: try rows.text("node"),
                    startedAt: Timestamp(microseconds: try rows.int("started_at")),
                    heartbeatAt: Timestamp(microseconds: try rows.int("heartbeat_at"))))
        }
        return workers
    }

    private static func schedules(_ connection: Connection) throws -> [JobSchedule] {
        let rows = try connection.prepare(
            "SELECT name, cron, zone, task, next_at FROM job_schedule ORDER BY next_at")
        var schedules: [JobSchedule] = []
        while try rows.step() {
            schedules.append(
                JobSchedule(
                    name: try rows.text("name"), cron: try rows.text("cron"), zone: try rows.text("zone"),
                    task: try rows.text("task"), next: Timestamp(microseconds: try rows.int("next_at"))))
        }
        return schedules
    }

    private static func minutes(
        since start: Timestamp, _ connection: Connection
    ) throws -> [JobSummary.Minute] {
        let rows = try connection.prepare(
            "SELECT minute, done, failed FROM job_minute WHERE minute > :start ORDER BY minute")
        try rows.bind("start", start.microseconds / 60_000_000)
        var minutes: [JobSummary.Minute] = []
        while try rows.step() {
            minutes.append(
                JobSummary.Minute(
                    at: Timestamp(microseconds: try rows.int("minute") * 60_000_000),
                    done: try rows.int("done"),
                    failed: try rows.int("failed")))
        }
        return minutes
    }
}
