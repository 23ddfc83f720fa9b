public import CraneJobs
import CranePostgres
public import CraneSchema

// What operators do: within a service, or by a connection of a command's.
extension PostgresJobStore {
    public func retry(_ id: Int, at now: Timestamp) async throws -> Bool {
        let rows: PostgresRows
        do throws(PostgresError) {
            rows = try await database.execute(Self.retrying(id, at: now))
        } catch {
            throw Self.retryFailure(error)
        }
        guard let row = rows.first else { return false }
        let queue = try Self.retried(row)
        database.tell([JobEvent.waiting(queue: queue, at: now)])
        return true
    }

    public func cancel(_ id: Int, at now: Timestamp) async throws -> Bool {
        let rows = try await database.execute(Self.cancelling(id, at: now))
        guard let row = rows.first else { return false }
        if try Self.cancelled(row) == "running" { database.tell([JobEvent.cancelled(id)]) }
        return true
    }

    public func setPaused(_ isPaused: Bool, _ queue: String?) async throws {
        try await database.execute(Self.pausing(isPaused, queue))
        if !isPaused { database.tell([JobEvent.resumed(queue)]) }
    }

    // MARK: Statements

    /// Has a job that has ended wait again; no row comes back where there is none.
    package static func retrying(_ id: Int, at now: Timestamp) -> PostgresQuery {
        """
        WITH changed AS (
            UPDATE job SET state = 'waiting', run_at = \(now), attempts = greatest(attempts, attempt + 1), is_cancelled = false,
                progress = NULL, finished_at = NULL
            WHERE id = \(id) AND state NOT IN ('waiting', 'running') RETURNING id
        )
        SELECT state, queue, changed.id IS NOT NULL AS is_changed FROM job LEFT JOIN changed USING (id) WHERE job.id = \(id)
        """
    }

    /// The queue of the job, or why it was not changed.
    @discardableResult
    package static func retried(_ row: PostgresRow) throws -> String {
        guard try row.bool("is_changed") else {
            throw JobError.conflict("the job is \(try row.text("state"))")
        }
        return try row.text("queue")
    }

    /// What has kept a job from waiting again.
    package static func retryFailure(_ error: PostgresError) -> any Error {
        error.constraint == "job_once" ? JobError.conflict("another job with its key waits or runs") : error
    }

    /// Ends a job that waits, and marks one that runs; no row comes back where there is none.
    package static func cancelling(_ id: Int, at now: Timestamp) -> PostgresQuery {
        """
        WITH changed AS (
            UPDATE job SET is_cancelled = true, state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
                finished_at = CASE state WHEN 'waiting' THEN \(now) END
            WHERE id = \(id) AND state IN ('waiting', 'running') RETURNING id, state
        )
        SELECT job.state, changed.state AS new_state FROM job LEFT JOIN changed USING (id) WHERE job.id = \(id)
        """
    }

    /// The state of the job by now, or why it was not changed.
    @discardableResult
    package static func cancelled(_ row: PostgresRow) throws -> String {
        guard let state = try row.value("new_state", as: String?.self) else {
            throw JobError.conflict("the job is \(try row.text("state"))")
        }
        return state
    }

    package static func pausing(_ isPaused: Bool, _ queue: String?) -> PostgresQuery {
        if isPaused {
            return
                "INSERT INTO job_queue VALUES (\(queue ?? JobSummary.everyQueue)) ON CONFLICT (name) DO NOTHING"
        }
        guard let queue else { return "DELETE FROM job_queue" }
        return "DELETE FROM job_queue WHERE name = \(queue)"
    }

    // MARK: What is left over

    public func prune(_ retention: JobRetention, at now: Timestamp) async throws -> Int {
        var removed = 0
        for state in Job.State.allCases where state.hasEnded {
            let lifetime = state == .dead ? retention.dead : retention.done
            let oldest = Timestamp(microseconds: now.microseconds - Int(lifetime / .microseconds(1)) - 1)
            removed += try await database.execute(
                """
                DELETE FROM job WHERE id IN (
                    SELECT id FROM job
                    WHERE state = \(state.rawValue) AND finished_at <= greatest(\(oldest), (
                        SELECT finished_at FROM job WHERE state = \(state.rawValue) AND finished_at IS NOT NULL
                        ORDER BY finished_at DESC LIMIT 1 OFFSET \(retention.count)))
                    ORDER BY finished_at LIMIT 500 FOR UPDATE SKIP LOCKED)
                """
            ).affectedRows
        }
        let weekAgo = Timestamp(microseconds: now.microseconds - 7 * 86_400_000_000)
        try await database.execute([
            "DELETE FROM job_schedule WHERE next_at < \(weekAgo)",
            "DELETE FROM job_minute WHERE minute < \(now.microseconds / 60_000_000 - 24 * 60)",
        ])
        return removed
    }
}
