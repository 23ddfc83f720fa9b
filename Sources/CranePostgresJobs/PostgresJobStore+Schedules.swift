public import CraneJobs
import CranePostgres
public import CraneSchema

extension PostgresJobStore {
    /// Schedules that the program does not have stay, as a process of another version may have them; they go a week after they were due.
    public func settle(_ schedules: [JobSchedule]) async throws -> [JobSchedule] {
        // In one order, so that no process waits for another that waits for it.
        let schedules = schedules.sorted { $0.name < $1.name }
        return try await database.transaction { transaction in
            var kept: [JobSchedule] = []
            for schedule in schedules {
                // Other times begin anew; the same go on, so that one that has passed is made up for.
                let settled = try await transaction.execute(
                    """
                    INSERT INTO job_schedule AS old (name, cron, zone, task, next_at)
                    VALUES (\(schedule.name), \(schedule.cron), \(schedule.zone), \(schedule.task), \(schedule.next))
                    ON CONFLICT (name) DO UPDATE SET task = excluded.task, cron = excluded.cron, zone = excluded.zone,
                        next_at = CASE WHEN old.cron = excluded.cron AND old.zone = excluded.zone THEN old.next_at
                            ELSE excluded.next_at END
                    RETURNING next_at
                    """)
                var result = schedule
                result.next = try settled[0].timestamp("next_at")
                kept.append(result)
            }
            return kept
        }
    }

    public func advance(
        _ schedule: String, from: Timestamp, to next: Timestamp?, _ job: NewJob
    ) async throws -> Timestamp? {
        try await database.transaction { transaction in
            // The row decides: of those who come at once the second finds another time in it.
            let change: PostgresQuery =
                if let next {
                    "UPDATE job_schedule SET next_at = \(next) WHERE name = \(schedule) AND next_at = \(from)"
                } else {
                    "DELETE FROM job_schedule WHERE name = \(schedule) AND next_at = \(from)"
                }
            if try await transaction.execute(change).affectedRows > 0 {
                try await transaction.enqueue(job)
                return next
            }
            let present = try await transaction.execute(
                "SELECT next_at FROM job_schedule WHERE name = \(schedule)")
            return try present.first?.timestamp("next_at")
        }
    }
}
