public import CraneJobs
public import CranePostgres
import CraneSchema

extension PostgresTransaction {
    /// Enqueues a job in this transaction: it is there if, and only if, what else the transaction writes is.
    ///
    /// ```swift
    /// try await database.transaction { transaction in
    ///     let order = try await transaction.execute("INSERT INTO … RETURNING id")[0].int("id")
    ///     try await transaction.enqueue(confirm.job(Confirmation(order: order)))
    /// }
    /// ```
    /// - Returns: its id, or that of the job with its key that waits or runs already.
    @discardableResult
    public func enqueue(_ job: NewJob) async throws -> Int { try await enqueue([job])[0] }

    /// Enqueues jobs in this transaction, those without a key by one statement; their ids, in their order.
    @discardableResult
    public func enqueue(_ jobs: [NewJob]) async throws -> [Int] {
        var ids = [Int?](repeating: nil, count: jobs.count)
        let plain = jobs.indices.filter { jobs[$0].uniqueKey == nil }
        if !plain.isEmpty {
            let rows = try await execute(PostgresJobStore.insertion(of: plain.map { jobs[$0] }))
            for (place, row) in zip(plain, rows) { ids[place] = try row.int("id") }
        }
        for (place, job) in jobs.enumerated() where job.uniqueKey != nil {
            let (id, isNew) = try await enqueue(unique: job)
            ids[place] = id
            if isNew { note(JobEvent.waiting(queue: job.queue, at: job.runAt)) }
        }
        for place in plain { note(JobEvent.waiting(queue: jobs[place].queue, at: jobs[place].runAt)) }
        return ids.compactMap(\.self)
    }

    /// A job whose key may be taken.
    private func enqueue(unique job: NewJob) async throws -> (id: Int, isNew: Bool) {
        // Who has the key may end between the two statements.
        for _ in 0..<3 {
            let new = try await execute(PostgresJobStore.insertion(unique: job))
            if let new = new.first { return (try new.int("id"), true) }
            let holder = try await execute(PostgresJobStore.holder(of: job))
            if let holder = holder.first { return (try holder.int("id"), false) }
        }
        throw PostgresError(.conflict, message: "the job that has the key is not there")
    }
}

extension RunningJob {
    /// Ends the job in the transaction of its effect: both are there, or neither.
    ///
    /// The handler returns afterwards; what it throws then is logged, and the job stays done.
    /// - Throws: `JobError.lost` when the job is no longer this attempt's; thrown on, it undoes the effect.
    public func complete(in transaction: PostgresTransaction) async throws {
        let ended = try await transaction.execute(
            """
            UPDATE job SET state = 'done', finished_at = now(), progress = NULL
            WHERE id = \(id) AND worker = \(worker.description) AND attempt = \(attempt) AND state = 'running'
            """)
        guard ended.affectedRows > 0 else { throw JobError.lost }
        transaction.note(JobEvent.completed(self))
    }
}
