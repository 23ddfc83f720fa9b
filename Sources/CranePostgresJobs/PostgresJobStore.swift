public import CraneJobs
public import CranePostgres
public import CraneSchema
import CraneSystem
import Synchronization

/// Jobs in PostgreSQL, in the tables of `PostgresMigration.jobs`, on which any number of processes work.
///
/// What this process commits wakes its own worker; what others commit is found by looking each `Jobs.Options.pollInterval`, so
/// nothing depends on notifications. Whether a worker lives is told by the server's clock; when a job is due by those of the machines, which should
/// agree within a fraction of a second.
public final class PostgresJobStore: JobStore {
    /// The client by whose transactions jobs are enqueued and ended.
    package let database: PostgresClient
    private let usesServerClock: Bool
    /// Claims of which nobody knows whether they were carried out: what they have claimed is given back before the next.
    let doubtful = Mutex<[(worker: String, at: Timestamp)]>([])
    /// How many jobs have ended in transactions of their own, by minute, since it was last written.
    private let completed = Mutex<[Int: Int]>([:])

    /// The database's migrations must have been applied: see `PostgresMigration.jobs`.
    ///
    /// - Parameter database: the client whose transactions may enqueue and end jobs; one store for each.
    public convenience init(_ database: PostgresClient) { self.init(database, usesServerClock: true) }

    /// - Parameter usesServerClock: whether a worker's signs of life have the server's time, or that which the caller gives.
    package init(_ database: PostgresClient, usesServerClock: Bool) {
        self.database = database
        self.usesServerClock = usesServerClock
        database.observeCommits { [weak self] notes in
            for case let event as JobEvent in notes {
                if case .completed = event { self?.noteCompleted() }
            }
        }
    }

    public var isShared: Bool { true }

    public func observe(_ body: @escaping @Sendable ([JobEvent]) -> Void) {
        database.observeCommits { notes in
            let news = notes.compactMap { $0 as? JobEvent }
            if !news.isEmpty { body(news) }
        }
    }

    // MARK: Enqueuing

    public func enqueue(_ jobs: [NewJob]) async throws -> [Int] {
        if jobs.isEmpty { return [] }
        guard jobs.allSatisfy({ $0.uniqueKey == nil }) else {
            return try await database.transaction { try await $0.enqueue(jobs) }
        }
        let rows = try await database.execute(Self.insertion(of: jobs))
        database.tell(jobs.map { JobEvent.waiting(queue: $0.queue, at: $0.runAt) })
        return try rows.map { try $0.int("id") }
    }

    /// Jobs without a key, whose ids come in their order.
    static func insertion(of jobs: [NewJob]) -> PostgresQuery {
        """
        WITH new AS (
            SELECT * FROM unnest(\(jobs.map(\.task)), \(jobs.map(\.queue)), \(jobs.map(\.priority)), \(jobs.map(\.runAt)),
                \(jobs.map(\.attempts)), \(jobs.map { String(decoding: $0.input, as: UTF8.self) }),
                \(jobs.map { PostgresBytes(Array($0.limitKey.utf8)) }), \(jobs.map(\.limit)), \(jobs.map(\.createdAt)))
                WITH ORDINALITY AS new (task, queue, priority, run_at, attempts, input, limit_key, key_limit, created_at, place)
        ), inserted AS (
            INSERT INTO job (task, queue, priority, run_at, attempts, input, limit_key, key_limit, created_at)
            SELECT task, queue, priority, run_at, attempts, input, limit_key, key_limit, created_at FROM new ORDER BY place
            RETURNING id
        )
        SELECT id FROM inserted ORDER BY id
        """
    }

    /// A job with a key: no row comes back where another has it.
    static func insertion(unique job: NewJob) -> PostgresQuery {
        """
        INSERT INTO job (task, queue, priority, run_at, attempts, input, unique_key, limit_key, key_limit, created_at)
        VALUES (\(job.task), \(job.queue), \(job.priority), \(job.runAt), \(job.attempts),
            \(String(decoding: job.input, as: UTF8.self)), \(key(of: job)), \(PostgresBytes(Array(job.limitKey.utf8))),
            \(job.limit), \(job.createdAt))
        ON CONFLICT (task, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running') DO NOTHING
        RETURNING id
        """
    }

    /// The job that has the key.
    static func holder(of job: NewJob) -> PostgresQuery {
        """
        SELECT id FROM job
        WHERE task = \(job.task) AND unique_key = \(key(of: job)) AND unique_key IS NOT NULL AND state IN ('waiting', 'running')
        """
    }

    private static func key(of job: NewJob) -> PostgresBytes? {
        job.uniqueKey.map { PostgresBytes(Array($0.utf8)) }
    }

    // MARK: Workers

    public func begin(_ worker: UniqueID, node: String, at now: Timestamp) async throws {
        try await database.execute(
            """
            INSERT INTO job_worker (id, node, started_at, heartbeat_at)
            VALUES (\(worker.description), \(node), coalesce(\(clock(now)), now()), coalesce(\(clock(now)), now()))
            """)
    }

    public func beat(_ worker: UniqueID, at now: Timestamp) async throws -> JobHeartbeat {
        let rows = try await database.execute(
            """
            WITH beat AS (
                UPDATE job_worker SET heartbeat_at = coalesce(\(clock(now)), now()) WHERE id = \(worker.description) RETURNING id
            )
            SELECT (SELECT count(*) FROM beat) > 0 AS is_alive, job.id FROM (VALUES (1)) AS one
            LEFT JOIN job ON state = 'running' AND is_cancelled AND worker = \(worker.description)
            """)
        try await writeCompleted(of: worker)
        return JobHeartbeat(
            isAlive: try rows[0].bool("is_alive"),
            cancelled: try rows.compactMap { try $0.value("id", as: Int?.self) })
    }

    public func end(_ worker: UniqueID, at now: Timestamp) async throws {
        try await writeCompleted(of: worker)
        try await database.execute([
            """
            UPDATE job SET state = 'waiting', attempts = attempts + 1, run_at = \(now)
            WHERE state = 'running' AND worker = \(worker.description)
            """,
            "DELETE FROM job_worker WHERE id = \(worker.description)",
        ])
    }

    public func rescue(silentSince oldest: Timestamp, at now: Timestamp) async throws -> Int {
        let lease = now.microseconds - oldest.microseconds
        // The second statement sees what others have done while the first has waited for them.
        let rescued = try await database.execute([
            """
            DELETE FROM job_worker
            WHERE heartbeat_at < coalesce(\(clock(oldest)), now() - \(lease)::bigint * interval '1 microsecond')
            """,
            Self.rescuing(at: now),
        ])
        return rescued.count
    }

    /// The time that the worker's row is given: `nil` for the server's own.
    private func clock(_ time: Timestamp) -> Timestamp? { usesServerClock ? nil : time }

    // MARK: What ends in transactions of its own

    private func noteCompleted() {
        let minute = Int(SystemTime.wall() / 60_000_000_000)
        completed.withLock { $0[minute, default: 0] += 1 }
    }

    /// Writes what has been counted: with a worker's ends and signs of life, and not in the transactions themselves, which would wait for each other.
    func writeCompleted(of worker: UniqueID) async throws {
        let counts = completed.withLock { counts in
            defer { counts = [:] }
            return counts
        }
        for (minute, count) in counts {
            try await database.execute(
                """
                INSERT INTO job_minute VALUES (\(minute), \(worker.description), \(count), 0)
                ON CONFLICT (minute, worker) DO UPDATE SET done = job_minute.done + excluded.done
                """)
        }
    }
}
