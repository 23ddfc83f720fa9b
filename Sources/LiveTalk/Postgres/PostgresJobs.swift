import Crane
import CraneJobs
import CranePostgres
import CranePostgresJobs
import CraneSchema
import CraneService
import Logging
import Synchronization

extension Jobs {
    /// The jobs of all nodes on a database, and what they do at times.
    static func liveTalk(_ store: PostgresJobStore, logger: Logger) -> Jobs {
        let jobs = Jobs(store, logger: logger)
        jobs.scheduleUpkeep { job in
            var isMoreLeft = true
            while isMoreLeft {
                isMoreLeft = try await PostgresExpired.remove(at: .now, store.database)
                if isMoreLeft { try await job.sleep(for: .milliseconds(50)) }
            }
        }
        return jobs
    }
}

/// As ``Expired``, on PostgreSQL: tokens, blocks and Idempotency-Keys that are over.
enum PostgresExpired {
    /// How much of each goes at once.
    private static let limit = 1000

    /// Removes some; whether more may be left.
    static func remove(at now: Timestamp, _ database: PostgresClient) async throws -> Bool {
        let dayAgo = Timestamp(microseconds: now.microseconds - IdempotencyKeys.lifetime)
        let tokens = try await database.execute(
            "DELETE FROM token WHERE hash IN (SELECT hash FROM token WHERE expires_at <= \(now) LIMIT \(limit))"
        )
        let keys = try await database.execute(
            """
            DELETE FROM comment_key WHERE key IN (SELECT key FROM comment_key WHERE created_at <= \(dayAgo) LIMIT \(limit))
            """)
        let blocks = try await database.execute(
            """
            DELETE FROM block WHERE participant IN (SELECT participant FROM block WHERE ends_at <= \(now) LIMIT \(limit))
            """)
        return [tokens, keys, blocks].contains { $0.affectedRows == limit }
    }
}

/// What waits, looked at now and then: metrics cannot wait for an answer.
final class PostgresJobBacklog: Sendable {
    private static let interval = Duration.seconds(5)
    private let store: PostgresJobStore
    private let known = Mutex(JobBacklog())
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ store: PostgresJobStore) { self.store = store }

    func start() {
        task.withLock { task in
            task = Task { [self] in
                repeat {
                    // Without the database the numbers stay what they were.
                    if let backlog = try? await store.backlog() { known.withLock { $0 = backlog } }
                } while (try? await Task.sleep(for: Self.interval)) != nil
            }
        }
    }

    func stop() { task.withLock { $0 }?.cancel() }

    var metrics: [Metric] { known.withLock { $0 }.metrics }
}
