import Crane
import CraneJobs
import CraneSQLite
import Logging

extension Jobs {
    /// The jobs of a service with this database, and what it does at times.
    static func liveTalk(_ database: Database, logger: Logger) -> Jobs {
        let jobs = Jobs(SQLiteJobStore(database), logger: logger)
        jobs.scheduleUpkeep { job in
            var isMoreLeft = true
            while isMoreLeft {
                isMoreLeft = try await database.write { connection in
                    let isMoreLeft = try Expired.remove(at: .now, connection)
                    if !isMoreLeft { try job.complete(in: connection) }
                    return isMoreLeft
                }
                // All other writes wait meanwhile.
                if isMoreLeft { try await job.sleep(for: .milliseconds(50)) }
            }
        }
        return jobs
    }

    /// Has what has expired removed each night.
    func scheduleUpkeep(_ remove: @escaping @Sendable @concurrent (RunningJob) async throws -> Void) {
        let removeExpired = task("remove-expired", queue: "upkeep", attempts: 5, handler: remove)
        do { try schedule("remove-expired", cron: "40 3 * * *", removeExpired) } catch {
            preconditionFailure("\(error)")
        }
    }
}

/// What is of no use any more, and would otherwise go with the next login, block or post at the earliest: tokens, blocks and
/// Idempotency-Keys that are over.
enum Expired {
    /// How much of each goes at once: some milliseconds of the writer's time.
    private static let limit = 1000

    private static let tokens = SQL(
        "DELETE FROM token WHERE hash IN (SELECT hash FROM token WHERE expires_at <= :oldest LIMIT :limit)")
    private static let blocks = SQL(
        "DELETE FROM block WHERE participant IN (SELECT participant FROM block WHERE ends_at <= :oldest LIMIT :limit)"
    )
    private static let keys = SQL(
        "DELETE FROM comment_key WHERE key IN (SELECT key FROM comment_key WHERE created_at <= :oldest LIMIT :limit)"
    )

    /// Removes some; whether more may be left.
    static func remove(at now: Timestamp, _ connection: Connection) throws -> Bool {
        let dayAgo = Timestamp(microseconds: now.microseconds - IdempotencyKeys.lifetime)
        var isMoreLeft = false
        for (sql, oldest) in [(tokens, now), (blocks, now), (keys, dayAgo)] {
            let delete = try connection.prepare(sql)
            try delete.bind("oldest", oldest)
            try delete.bind("limit", limit)
            try delete.run()
            if connection.changes == limit { isMoreLeft = true }
        }
        return isMoreLeft
    }
}
