public import CraneJobs
import CranePostgres
public import CraneSchema

extension PostgresJobStore {
    public func finish(
        _ ends: [JobResult], of worker: UniqueID, at now: Timestamp
    ) async throws -> [Bool] {
        let rows = try await database.execute(Self.finishing(ends, worker.description, at: now))
        let ended = Set(try rows.map { try $0.int("id") })
        try await writeCompleted(of: worker)
        return ends.map { ended.contains($0.id) }
    }

    public func progress(_ progress: [JobProgress], of worker: UniqueID) async throws {
        try await database.execute(
            """
            UPDATE job SET progress = said.part
            FROM unnest(\(progress.map(\.id)), \(progress.map(\.attempt)), \(progress.map(\.part)))
                AS said (id, attempt, part)
            WHERE job.id = said.id AND worker = \(worker.description) AND job.attempt = said.attempt AND state = 'running'
            """)
    }

    /// Ends attempts that are still the worker's, and counts them.
    private static func finishing(_ ends: [JobResult], _ worker: String, at now: Timestamp) -> PostgresQuery {
        let outcomes = ends.map { EndColumns($0.outcome, at: now) }
        return """
            WITH said AS (
                SELECT * FROM unnest(\(ends.map(\.id)), \(ends.map(\.attempt)), \(outcomes.map(\.name)),
                    \(outcomes.map(\.again)), \(outcomes.map(\.failure))) AS said (id, attempt, outcome, again, failure)
            ), ended AS (
                UPDATE job SET state = CASE
                        WHEN outcome = 'done' THEN 'done' WHEN outcome = 'released' THEN 'waiting'
                        WHEN outcome = 'cancelled' OR is_cancelled THEN 'cancelled'
                        WHEN again IS NULL THEN 'dead' ELSE 'waiting' END,
                    attempts = attempts + (outcome = 'released')::int,
                    run_at = CASE outcome WHEN 'released' THEN \(now) ELSE coalesce(again, run_at) END,
                    finished_at = CASE WHEN outcome = 'released' OR (outcome = 'failed' AND NOT is_cancelled AND again IS NOT NULL)
                        THEN NULL ELSE \(now) END,
                    progress = CASE outcome WHEN 'done' THEN NULL ELSE progress END,
                    failures = CASE WHEN failure IS NULL THEN failures ELSE \(raw: failures) || failure || ']' END
                FROM said
                WHERE job.id = said.id AND worker = \(worker) AND job.attempt = said.attempt AND state = 'running'
                RETURNING job.id, outcome
            ), counted AS (
                INSERT INTO job_minute
                SELECT \(minute(of: now)), \(worker), count(*) FILTER (WHERE outcome = 'done'),
                    count(*) FILTER (WHERE outcome = 'failed')
                FROM ended WHERE outcome IN ('done', 'failed') HAVING count(*) > 0
                ON CONFLICT (minute, worker) DO UPDATE
                SET done = job_minute.done + excluded.done, failed = job_minute.failed + excluded.failed
            )
            SELECT id FROM ended
            """
    }

    /// Ends what workers run that are no more.
    static func rescuing(at now: Timestamp) -> PostgresQuery {
        let failure = EndColumns(.failed("its worker is gone", again: nil), at: now).failure
        return """
            WITH rescued AS (
                UPDATE job SET state = CASE WHEN is_cancelled THEN 'cancelled' WHEN attempt >= attempts THEN 'dead' ELSE 'waiting' END,
                    run_at = CASE WHEN attempt >= attempts THEN run_at ELSE \(now) END,
                    finished_at = CASE WHEN is_cancelled OR attempt >= attempts THEN \(now) END,
                    failures = \(raw: failures) || \(failure) || ']'
                WHERE state = 'running' AND NOT EXISTS (SELECT FROM job_worker WHERE job_worker.id = job.worker)
                RETURNING job.id
            ), counted AS (
                INSERT INTO job_minute SELECT \(minute(of: now)), '', 0, count(*) FROM rescued HAVING count(*) > 0
                ON CONFLICT (minute, worker) DO UPDATE SET failed = job_minute.failed + excluded.failed
            )
            SELECT id FROM rescued
            """
    }

    /// The list of failures with another's beginning behind it, as the JSON of `Job.Attempt`.
    private static let failures = """
        CASE failures WHEN '[]' THEN '[' ELSE left(failures, -1) || ',' END || '{"attempt":' || job.attempt || ',"started_at":'
            || coalesce('"' || to_char(started_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null')
        """

    private static func minute(of time: Timestamp) -> Int { time.microseconds / 60_000_000 }
}

/// An outcome as columns of a statement.
private struct EndColumns {
    let name: String
    var again: Timestamp?
    /// The rest of a failure's JSON, behind the time at which it began.
    var failure: String?

    init(_ outcome: JobResult.Outcome, at now: Timestamp) {
        switch outcome {
        case .done: name = "done"
        case .released: name = "released"
        case .failed(let error, let again):
            name = "failed"
            self.again = again
            failure = Self.failure(error, now)
        case .cancelled(let error):
            name = "cancelled"
            failure = Self.failure(error, now)
        }
    }

    private static func failure(_ error: String, _ now: Timestamp) -> String {
        let text = String(decoding: String.schema.encode(error), as: UTF8.self)
        return #","failed_at":"\#(now)","error":\#(text)}"#
    }
}
