import CraneSQLite
public import CraneSchema

// What operators do: within the service, or on a file that no service has.
extension SQLiteJobStore {
    public func retry(_ id: Int, at now: Timestamp) async throws -> Bool {
        try await database.write { connection in try Self.retry(id, at: now, connection) }
    }

    public func cancel(_ id: Int, at now: Timestamp) async throws -> Bool {
        try await database.write { connection in try Self.cancel(id, at: now, connection) }
    }

    public func setPaused(_ isPaused: Bool, _ queue: String?) async throws {
        try await database.write { connection in try Self.setPaused(isPaused, queue, connection) }
    }

    /// As ``JobStore/retry(_:at:)``, in a transaction of the database.
    package static func retry(_ id: Int, at now: Timestamp, _ connection: Connection) throws -> Bool {
        guard let job = try connection.find(Job.self, id) else { return false }
        guard job.state.hasEnded else { throw JobError.conflict("the job is \(job.state.rawValue)") }
        let holder = try connection.prepare(
            """
            SELECT 1 FROM job
            WHERE task = :task AND unique_key = :unique_key AND unique_key IS NOT NULL AND state IN ('waiting', 'running')
            """)
        try holder.bind("task", job.task)
        try holder.bind("unique_key", job.uniqueKey)
        if try holder.step() { throw JobError.conflict("another job with its key waits or runs") }
        let retry = try connection.prepare(
            """
            UPDATE job SET state = 'waiting', run_at = :now, attempts = max(attempts, attempt + 1), is_cancelled = 0,
                progress = NULL, finished_at = NULL
            WHERE id = :id
            """)
        try retry.bind("now", now)
        try retry.bind("id", id)
        try retry.run()
        connection.note(JobEvent.waiting(queue: job.queue, at: now))
        return true
    }

    /// As ``JobStore/cancel(_:at:)``, in a transaction of the database.
    package static func cancel(_ id: Int, at now: Timestamp, _ connection: Connection) throws -> Bool {
        guard let job = try connection.find(Job.self, id) else { return false }
        if job.state.hasEnded { throw JobError.conflict("the job is \(job.state.rawValue)") }
        let cancel = try connection.prepare(
            """
            UPDATE job SET is_cancelled = 1, state = iif(state = 'waiting', 'cancelled', state),
                finished_at = iif(state = 'waiting', :now, NULL)
            WHERE id = :id
            """)
        try cancel.bind("now", now)
        try cancel.bind("id", id)
        try cancel.run()
        if job.state == .running { connection.note(JobEvent.cancelled(id)) }
        return true
    }

    /// As ``JobStore/setPaused(_:_:)``, in a transaction of the database.
    package static func setPaused(_ isPaused: Bool, _ queue: String?, _ connection: Connection) throws {
        guard isPaused else {
            let resume = try connection.prepare("DELETE FROM job_queue WHERE :name IS NULL OR name = :name")
            try resume.bind("name", queue)
            try resume.run()
            return connection.note(JobEvent.resumed(queue))
        }
        let pause = try connection.prepare(
            "INSERT INTO job_queue VALUES (:name, 1) ON CONFLICT (name) DO NOTHING")
        try pause.bind("name", queue ?? JobSummary.everyQueue)
        try pause.run()
    }
}
