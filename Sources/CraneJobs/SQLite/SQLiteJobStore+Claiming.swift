import CraneSQLite
public import CraneSchema

extension SQLiteJobStore {
    /// How many limit keys are looked at in one transaction at most: some milliseconds of the writer's time.
    private static let keysAtOnce = 500

    public func claim(
        _ claims: [JobClaim], for worker: UniqueID, at now: Timestamp
    ) async throws -> [JobClaimResult] {
        let worker = worker.description
        return try await database.write { connection in
            try claims.map { claim in
                var claiming = Claiming(claim, worker, now, connection)
                return try claiming.run()
            }
        }
    }

    /// The claiming of one queue's jobs.
    private struct Claiming {
        let claim: JobClaim
        let worker: String
        let now: Timestamp
        let connection: Connection
        var claimed = JobClaimResult()
        var left: Int

        init(_ claim: JobClaim, _ worker: String, _ now: Timestamp, _ connection: Connection) {
            self.claim = claim
            self.worker = worker
            self.now = now
            self.connection = connection
            left = claim.count
        }

        mutating func run() throws -> JobClaimResult {
            if try isPaused() { left = 0 }
            if left > 0, let limit = claim.limit {
                left = min(left, limit - (try running(key: nil)))
                claimed.isBlocked = left < claim.count
            }
            if left > 0, let rate = claim.rate { return try run(at: rate) }
            try takeAll()
            return claimed
        }

        private mutating func takeAll() throws {
            guard left > 0 else {
                claimed.after = claim.after
                return
            }
            if claim.after == nil { try take(of: "", atMost: left) }
            try takeLimited()
        }

        /// As many as the queue's rate lets begin, and when the next one may.
        private mutating func run(at rate: JobRate) throws -> JobClaimResult {
            let known = try connection.prepare("SELECT full_at FROM job_rate WHERE queue = :queue")
            try known.bind("queue", claim.queue)
            let fullAt = try known.step() ? known.int("full_at") : 0
            var bucket = rate.bucket(fullAt: fullAt, at: now.microseconds)
            left = min(left, bucket.free)
            try takeAll()
            bucket.take(claimed.jobs.count)
            if bucket.free == 0 {
                let next = Timestamp(microseconds: bucket.nextAt)
                claimed.next = min(claimed.next ?? next, next)
            }
            guard !claimed.jobs.isEmpty else { return claimed }
            let note = try connection.prepare(
                """
                INSERT INTO job_rate VALUES (:queue, :full_at) ON CONFLICT (queue) DO UPDATE SET full_at = excluded.full_at
                """)
            try note.bind("queue", claim.queue)
            try note.bind("full_at", bucket.fullAt)
            try note.run()
            return claimed
        }

        /// One key after the other, from where the last claim ended.
        private mutating func takeLimited() throws {
            var key = claim.after ?? ""
            for _ in 0..<SQLiteJobStore.keysAtOnce {
                let next = try connection.prepare(
                    """
                    SELECT limit_key, key_limit FROM job WHERE state = 'waiting' AND queue = :queue AND limit_key > :after
                    ORDER BY limit_key LIMIT 1
                    """)
                try next.bind("queue", claim.queue)
                try next.bind("after", key)
                guard try next.step() else { return }
                if left == 0 { break }
                key = try next.text("limit_key")
                let free = try next.int("key_limit") - running(key: key)
                let taken = free > 0 ? try take(of: key, atMost: min(free, left)) : 0
                if taken >= free { claimed.isBlocked = true }
            }
            claimed.after = key
        }

        /// Those of one key that are due, priority by priority.
        @discardableResult
        private mutating func take(of key: String, atMost count: Int) throws -> Int {
            var (taken, priority) = (0, Int.max)
            while taken < count {
                let highest = try connection.prepare(
                    """
                    SELECT priority FROM job
                    WHERE state = 'waiting' AND queue = :queue AND limit_key = :key AND priority < :priority
                    ORDER BY priority DESC LIMIT 1
                    """)
                try highest.bind("queue", claim.queue)
                try highest.bind("key", key)
                try highest.bind("priority", priority)
                guard try highest.step() else { break }
                priority = try highest.int("priority")
                taken += try take(of: key, priority, atMost: count - taken)
                if taken < count { try note(nextOf: key, priority) }
            }
            left -= taken
            return taken
        }

        private mutating func take(of key: String, _ priority: Int, atMost count: Int) throws -> Int {
            let take = try connection.prepare(
                """
                UPDATE job SET state = 'running', attempt = attempt + 1, worker = :worker, started_at = :now, progress = NULL
                WHERE id IN (
                    SELECT id FROM job
                    WHERE state = 'waiting' AND queue = :queue AND limit_key = :key AND priority = :priority AND run_at <= :now
                    ORDER BY run_at, id LIMIT :count)
                RETURNING id, task, attempt, attempts, input, run_at, created_at
                """)
            try take.bind("worker", worker)
            try take.bind("now", now)
            try take.bind("queue", claim.queue)
            try take.bind("key", key)
            try take.bind("priority", priority)
            try take.bind("count", count)
            var jobs: [ClaimedJob] = []
            while try take.step() {
                jobs.append(
                    ClaimedJob(
                        id: try take.int("id"), task: try take.text("task"), queue: claim.queue,
                        priority: priority, attempt: try take.int("attempt"),
                        attempts: try take.int("attempts"), input: try take.blob("input"),
                        runAt: Timestamp(microseconds: try take.int("run_at")),
                        createdAt: Timestamp(microseconds: try take.int("created_at"))))
            }
            // SQLite returns rows in any order (https://sqlite.org/lang_returning.html).
            jobs.sort { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
            claimed.jobs += jobs
            return jobs.count
        }

        /// When the next one is due.
        private mutating func note(nextOf key: String, _ priority: Int) throws {
            let next = try connection.prepare(
                """
                SELECT run_at FROM job WHERE state = 'waiting' AND queue = :queue AND limit_key = :key AND priority = :priority
                ORDER BY run_at LIMIT 1
                """)
            try next.bind("queue", claim.queue)
            try next.bind("key", key)
            try next.bind("priority", priority)
            guard try next.step() else { return }
            let time = Timestamp(microseconds: try next.int("run_at"))
            claimed.next = min(claimed.next ?? time, time)
        }

        private func isPaused() throws -> Bool {
            let queue = try connection.prepare(
                "SELECT 1 FROM job_queue WHERE is_paused AND name IN (:name, '*')")
            try queue.bind("name", claim.queue)
            return try queue.step()
        }

        /// How many of the queue's jobs run, or of one key's.
        private func running(key: String?) throws -> Int {
            let count = try connection.prepare(
                key == nil
                    ? "SELECT count(*) AS count FROM job WHERE state = 'running' AND queue = :queue"
                    : "SELECT count(*) AS count FROM job WHERE state = 'running' AND queue = :queue AND limit_key = :key"
            )
            try count.bind("queue", claim.queue)
            if let key { try count.bind("key", key) }
            return try count.step() ? count.int("count") : 0
        }
    }
}
