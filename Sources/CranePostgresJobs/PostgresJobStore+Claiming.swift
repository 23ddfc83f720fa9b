public import CraneJobs
import CranePostgres
public import CraneSchema
import Synchronization

extension PostgresJobStore {
    /// How many limit keys are looked at in one transaction at most.
    private static let keysAtOnce = 500
    /// The advisory locks of the queues: "jobs" in ASCII, and the queue's hash.
    private static let lockClass = 0x6A6F_6273

    public func claim(
        _ claims: [JobClaim], for worker: UniqueID, at now: Timestamp
    ) async throws -> [JobClaimResult] {
        try await giveBackDoubtful()
        do {
            var results: [JobClaimResult] = []
            for claim in claims {
                results.append(try await Claiming(claim, worker.description, now, database).run())
            }
            return results
        } catch {
            // Some of it may have been committed, and nobody would run it.
            isInDoubt(worker, at: now)
            throw error
        }
    }

    /// Nobody knows what a claim of this worker at this time has claimed.
    package func isInDoubt(_ worker: UniqueID, at time: Timestamp) {
        doubtful.withLock { $0.append((worker.description, time)) }
    }

    /// Gives back what claims have claimed that were not answered: each has a time of its own.
    private func giveBackDoubtful() async throws {
        while let claim = doubtful.withLock({ $0.first }) {
            try await database.execute(
                """
                UPDATE job SET state = 'waiting', attempts = attempts + 1
                WHERE state = 'running' AND worker = \(claim.worker) AND started_at = \(claim.at)
                """)
            doubtful.withLock { _ = $0.removeFirst() }
        }
    }

    /// The claiming of one queue's jobs.
    ///
    /// Processes claim beside each other, each what no other has locked. What has to be counted (running jobs of a queue or a key, and a rate) is claimed by one
    /// at a time, under a lock of the queue.
    private struct Claiming {
        let claim: JobClaim
        let worker: String
        let now: Timestamp
        let database: PostgresClient
        var claimed = JobClaimResult()
        var left: Int
        var hasKeys = false

        init(_ claim: JobClaim, _ worker: String, _ now: Timestamp, _ database: PostgresClient) {
            self.claim = claim
            self.worker = worker
            self.now = now
            self.database = database
            left = claim.count
        }

        func run() async throws -> JobClaimResult {
            if claim.limit != nil || claim.rate != nil {
                return try await database.transaction { transaction in
                    try await transaction.execute(lock)
                    var claiming = self
                    try await claiming.takeCounted(transaction)
                    return claiming.claimed
                }
            }
            var plain = self
            if claim.after == nil {
                try plain.take(await database.execute(plain.selection))
                guard plain.hasKeys else { return plain.claimed }
            }
            let limited = plain
            return try await database.transaction { transaction in
                try await transaction.execute(lock)
                var claiming = limited
                try await claiming.takeLimited(transaction)
                return claiming.claimed
            }
        }

        private var lock: PostgresQuery {
            "SELECT pg_advisory_xact_lock(\(raw: "\(PostgresJobStore.lockClass)"), hashtext(\(claim.queue)))"
        }

        /// As many as the queue's limit and rate let begin, and when the next one may.
        private mutating func takeCounted(_ transaction: PostgresTransaction) async throws {
            let state = try await transaction.execute(
                """
                SELECT (SELECT count(*) FROM job WHERE state = 'running' AND queue = \(claim.queue)) AS running,
                    coalesce((SELECT full_at FROM job_rate WHERE queue = \(claim.queue)), 0) AS full_at,
                    EXISTS (SELECT FROM job_queue WHERE name IN (\(claim.queue), '*')) AS is_paused
                """)[0]
            if try state.bool("is_paused") { left = 0 }
            if left > 0, let limit = claim.limit {
                left = max(0, min(left, limit - (try state.int("running"))))
                claimed.isBlocked = left < claim.count
            }
            guard left > 0, let rate = claim.rate else { return try await takeAll(transaction) }
            var bucket = rate.bucket(fullAt: try state.int("full_at"), at: now.microseconds)
            left = min(left, bucket.free)
            try await takeAll(transaction)
            bucket.take(claimed.jobs.count)
            if bucket.free == 0 {
                let next = Timestamp(microseconds: bucket.nextAt)
                claimed.next = min(claimed.next ?? next, next)
            }
            if claimed.jobs.isEmpty { return }
            try await transaction.execute(
                """
                INSERT INTO job_rate VALUES (\(claim.queue), \(bucket.fullAt))
                ON CONFLICT (queue) DO UPDATE SET full_at = excluded.full_at
                """)
        }

        private mutating func takeAll(_ transaction: PostgresTransaction) async throws {
            guard left > 0 else {
                claimed.after = claim.after
                return
            }
            if claim.after == nil {
                try take(await transaction.execute(selection))
                guard hasKeys else { return }
            }
            try await takeLimited(transaction)
        }

        /// Jobs without a limit key, priority by priority, and when the next one is due.
        private var selection: PostgresQuery {
            """
            WITH chosen AS MATERIALIZED (
                SELECT due.id FROM generate_series(9, 0, -1) AS p (priority), LATERAL (
                    SELECT id FROM job
                    WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key = '' AND job.priority = p.priority
                        AND run_at <= \(now)
                    ORDER BY run_at, id LIMIT \(left) FOR UPDATE SKIP LOCKED
                ) AS due
                WHERE NOT EXISTS (SELECT FROM job_queue WHERE name IN (\(claim.queue), '*'))
                LIMIT \(left)
            ), claimed AS (
                UPDATE job SET state = 'running', attempt = attempt + 1, worker = \(worker), started_at = \(now), progress = NULL
                FROM chosen WHERE job.id = chosen.id
                RETURNING job.id, task, priority, attempt, attempts, input, run_at, created_at, limit_key
            )
            SELECT claimed.*, queue.next_at, queue.has_keys FROM (
                SELECT EXISTS (
                    SELECT FROM job WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key > ''
                ) AS has_keys, (
                    SELECT min(later.run_at) FROM generate_series(0, 9) AS p (priority), LATERAL (
                        SELECT run_at FROM job
                        WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key = '' AND job.priority = p.priority
                            AND run_at > \(now)
                        ORDER BY run_at LIMIT 1
                    ) AS later
                ) AS next_at
            ) AS queue LEFT JOIN claimed ON true
            """
        }

        private mutating func take(_ rows: PostgresRows) throws {
            hasKeys = try rows[0].bool("has_keys")
            claimed.next = try rows[0].value("next_at", as: Timestamp?.self)
            let jobs = try rows.filter { try !$0.isNull("id") }.map { try job($0) }
            add(jobs.sorted { ($1.priority, $0.runAt, $0.id) < ($0.priority, $1.runAt, $1.id) })
        }

        private mutating func add(_ jobs: [ClaimedJob]) {
            claimed.jobs += jobs
            left -= jobs.count
        }

        private func job(_ row: PostgresRow) throws -> ClaimedJob {
            ClaimedJob(
                id: try row.int("id"), task: try row.text("task"), queue: claim.queue,
                priority: try row.int("priority"), attempt: try row.int("attempt"),
                attempts: try row.int("attempts"), input: try row.blob("input"),
                runAt: try row.timestamp("run_at"), createdAt: try row.timestamp("created_at"))
        }

        // MARK: Limit keys

        /// One key after the other, from where the last claim ended; under the queue's lock.
        private mutating func takeLimited(_ transaction: PostgresTransaction) async throws {
            var last = claim.after ?? ""
            var isBounded = true
            if left > 0 {
                let rows = try await transaction.execute(limitedSelection(behind: last))
                let jobs = try rows.filter { try !$0.isNull("id") }.map {
                    (try $0.text("limit_key"), try job($0))
                }
                let ordered = jobs.sorted { first, second in
                    (first.0, second.1.priority, first.1.runAt, first.1.id)
                        < (second.0, first.1.priority, second.1.runAt, second.1.id)
                }
                add(ordered.map(\.1))
                if left == 0 {
                    last = ordered.last?.0 ?? last
                } else if let bound = try rows[0].value("bound", as: String?.self) {
                    last = bound
                } else {
                    isBounded = false
                }
            }
            let rest = try await transaction.execute(
                """
                SELECT EXISTS (
                    SELECT FROM job WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key > \(bytes(last))
                ) AS has_more, EXISTS (
                    SELECT FROM job WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key > '' AND run_at <= \(now)
                ) AS is_blocked
                """)[0]
            if try isBounded && rest.bool("has_more") { claimed.after = last }
            // Whatever is due and was not claimed may be so when something has ended.
            if try rest.bool("is_blocked") { claimed.isBlocked = true }
        }

        /// Of each key as many as may run, as long as there are places.
        private func limitedSelection(behind key: String) -> PostgresQuery {
            """
            WITH RECURSIVE key (limit_key, key_limit, number) AS (
                (SELECT limit_key, key_limit, 1 FROM job
                WHERE state = 'waiting' AND queue = \(claim.queue) AND limit_key > \(bytes(key)) ORDER BY limit_key LIMIT 1)
                UNION ALL
                SELECT next.limit_key, next.key_limit, number + 1 FROM key, LATERAL (
                    SELECT limit_key, key_limit FROM job
                    WHERE state = 'waiting' AND queue = \(claim.queue) AND job.limit_key > key.limit_key
                    ORDER BY limit_key LIMIT 1
                ) AS next WHERE number < \(PostgresJobStore.keysAtOnce)
            ), chosen AS MATERIALIZED (
                SELECT due.id FROM key, LATERAL (
                    SELECT id FROM job
                    WHERE state = 'waiting' AND queue = \(claim.queue) AND job.limit_key = key.limit_key AND run_at <= \(now)
                        AND NOT EXISTS (SELECT FROM job_queue WHERE name IN (\(claim.queue), '*'))
                    ORDER BY priority DESC, run_at, id
                    LIMIT greatest(0, key.key_limit - (
                        SELECT count(*) FROM job AS other
                        WHERE other.state = 'running' AND other.queue = \(claim.queue) AND other.limit_key = key.limit_key))
                    FOR UPDATE SKIP LOCKED
                ) AS due LIMIT \(left)
            ), claimed AS (
                UPDATE job SET state = 'running', attempt = attempt + 1, worker = \(worker), started_at = \(now), progress = NULL
                FROM chosen WHERE job.id = chosen.id
                RETURNING job.id, task, priority, attempt, attempts, input, run_at, created_at, limit_key
            )
            SELECT claimed.*, looked.bound FROM (
                SELECT CASE WHEN (SELECT count(*) FROM chosen) < \(left) THEN (
                    SELECT limit_key FROM key WHERE number = \(PostgresJobStore.keysAtOnce)
                ) END AS bound
            ) AS looked LEFT JOIN claimed ON true
            """
        }

        private func bytes(_ key: String) -> PostgresBytes { PostgresBytes(Array(key.utf8)) }
    }
}
