public import CraneSQLite
import CraneSchema

extension Connection {
    /// Enqueues a job in the transaction of this connection: it is there if, and only if, what the body writes is.
    ///
    /// ```swift
    /// try await database.write { connection in
    ///     let order = try connection.insert(new, into: Order.self)
    ///     try connection.enqueue(confirm.job(Confirmation(order: order.id)))
    ///     return order
    /// }
    /// ```
    /// - Returns: its id, or that of the job with its key that waits or runs already.
    @discardableResult
    public func enqueue(_ job: NewJob) throws(DatabaseError) -> Int {
        let insert = try prepare(
            """
            INSERT INTO job (task, queue, priority, run_at, attempts, input, unique_key, limit_key, key_limit, created_at)
            VALUES (:task, :queue, :priority, :run_at, :attempts, :input, :unique_key, :limit_key, :key_limit, :created_at)
            ON CONFLICT (task, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running') DO NOTHING
            """)
        try insert.bind("task", job.task)
        try insert.bind("queue", job.queue)
        try insert.bind("priority", job.priority)
        try insert.bind("run_at", job.runAt)
        try insert.bind("attempts", job.attempts)
        try insert.bind("input", utf8: job.input.span)
        try insert.bind("unique_key", job.uniqueKey)
        try insert.bind("limit_key", job.limitKey)
        try insert.bind("key_limit", job.limit)
        try insert.bind("created_at", job.createdAt)
        try insert.run()
        guard changes > 0 else { return try holder(of: job) }
        note(JobEvent.waiting(queue: job.queue, at: job.runAt))
        return Int(lastInsertRowID)
    }

    /// The job that has the key.
    private func holder(of job: NewJob) throws(DatabaseError) -> Int {
        let holder = try prepare(
            """
            SELECT id FROM job
            WHERE task = :task AND unique_key = :unique_key AND unique_key IS NOT NULL AND state IN ('waiting', 'running')
            """)
        try holder.bind("task", job.task)
        try holder.bind("unique_key", job.uniqueKey)
        guard try holder.step() else {
            throw DatabaseError(.other, message: "the job that has the key is not there")
        }
        return try holder.int("id")
    }
}

extension RunningJob {
    /// Ends the job in the transaction of its effect: both are there, or neither.
    ///
    /// The handler returns afterwards; what it throws then is logged, and the job stays done.
    /// - Throws: `JobError.lost` when the job is no longer this attempt's; thrown on, it undoes the effect.
    public func complete(in connection: Connection) throws {
        let now = SQLiteJobStore.now
        guard
            try SQLiteJobStore.end(
                JobResult(id: id, attempt: attempt, .done), worker.description, at: now, connection)
        else { throw JobError.lost }
        try SQLiteJobStore.count(done: 1, failed: 0, at: now, connection)
        connection.note(JobEvent.completed(self))
    }
}
