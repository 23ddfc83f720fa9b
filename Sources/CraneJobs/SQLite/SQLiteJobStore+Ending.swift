import CraneSQLite
public import CraneSchema

extension SQLiteJobStore {
    public func finish(
        _ ends: [JobResult], of worker: UniqueID, at now: Timestamp
    ) async throws -> [Bool] {
        let worker = worker.description
        return try await database.write { connection in
            var (done, failed) = (0, 0)
            let results = try ends.map { end in
                let isEnded = try Self.end(end, worker, at: now, connection)
                switch end.outcome {
                case .done where isEnded: done += 1
                case .failed where isEnded: failed += 1
                default: break
                }
                return isEnded
            }
            try Self.count(done: done, failed: failed, at: now, connection)
            return results
        }
    }

    public func progress(_ progress: [JobProgress], of worker: UniqueID) async throws {
        let worker = worker.description
        try await database.write { connection in
            for progress in progress {
                let update = try connection.prepare(Self.advance)
                try Self.bind(progress.id, progress.attempt, worker, update)
                try update.bind("progress", progress.part)
                try update.run()
            }
        }
    }

    /// What tells that the job is still this attempt's.
    private static let fence = "id = :id AND worker = :worker AND attempt = :attempt AND state = 'running'"
    private static let completion = SQL(
        "UPDATE job SET state = 'done', finished_at = :now, progress = NULL WHERE \(fence)")
    private static let release = SQL(
        "UPDATE job SET state = 'waiting', attempts = attempts + 1, run_at = :now WHERE \(fence)")
    private static let look = SQL("SELECT started_at, is_cancelled FROM job WHERE \(fence)")
    private static let failure = SQL(
        """
        UPDATE job SET state = :state, run_at = ifnull(:run_at, run_at), finished_at = :finished_at,
            failures = json_insert(failures, '$[#]', json(:failure))
        WHERE \(fence)
        """)
    private static let advance = SQL("UPDATE job SET progress = :progress WHERE \(fence)")

    /// Ends an attempt; false when it is another's by now.
    static func end(
        _ end: JobResult, _ worker: String, at now: Timestamp, _ connection: Connection
    ) throws -> Bool {
        switch end.outcome {
        case .done: try run(completion, end, worker, at: now, connection)
        case .released: try run(release, end, worker, at: now, connection)
        case .failed(let error, let again): try fail(end, worker, error, again, at: now, connection)
        case .cancelled(let error): try fail(end, worker, error, nil, isCancelled: true, at: now, connection)
        }
    }

    private static func run(
        _ sql: SQL, _ end: JobResult, _ worker: String, at now: Timestamp, _ connection: Connection
    ) throws -> Bool {
        let statement = try connection.prepare(sql)
        try bind(end.id, end.attempt, worker, statement)
        try statement.bind("now", now)
        try statement.run()
        return connection.changes > 0
    }

    /// Adds the attempt to those that failed.
    private static func fail(
        _ end: JobResult, _ worker: String, _ error: String, _ again: Timestamp?, isCancelled: Bool = false,
        at now: Timestamp, _ connection: Connection
    ) throws -> Bool {
        let row = try connection.prepare(look)
        try bind(end.id, end.attempt, worker, row)
        guard try row.step() else { return false }
        let isCancelled = try isCancelled || row.int("is_cancelled") != 0
        let attempt = Job.Attempt(
            attempt: end.attempt, startedAt: try row.value("started_at", as: Timestamp?.self), failedAt: now,
            error: error)
        let state = isCancelled ? Job.State.cancelled : again == nil ? .dead : .waiting
        let update = try connection.prepare(failure)
        try bind(end.id, end.attempt, worker, update)
        try update.bind("state", state)
        try update.bind("run_at", again)
        try update.bind("finished_at", state == .waiting ? nil : now)
        try update.bind("failure", utf8: Job.Attempt.schema.encode(attempt).span)
        try update.run()
        return true
    }

    private static func bind(
        _ id: Int, _ attempt: Int, _ worker: String, _ statement: Statement
    ) throws {
        try statement.bind("id", id)
        try statement.bind("attempt", attempt)
        try statement.bind("worker", worker)
    }

    /// Counts what has ended in this minute.
    static func count(done: Int, failed: Int, at now: Timestamp, _ connection: Connection) throws {
        if done + failed == 0 { return }
        let count = try connection.prepare(
            """
            INSERT INTO job_minute VALUES (:minute, :done, :failed)
            ON CONFLICT (minute) DO UPDATE SET done = done + excluded.done, failed = failed + excluded.failed
            """)
        try count.bind("minute", now.microseconds / 60_000_000)
        try count.bind("done", done)
        try count.bind("failed", failed)
        try count.run()
    }
}
