import CraneSQLite
public import CraneSchema

extension SQLiteJobStore {
    public func settle(_ schedules: [JobSchedule]) async throws -> [JobSchedule] {
        try await database.write { connection in
            var kept: [JobSchedule] = []
            for schedule in schedules {
                // Other times begin anew; the same go on, so that one that has passed is made up for.
                let settle = try connection.prepare(
                    """
                    INSERT INTO job_schedule (name, cron, zone, task, next_at)
                    VALUES (:name, :cron, :zone, :task, :next_at)
                    ON CONFLICT (name) DO UPDATE SET task = excluded.task, cron = excluded.cron, zone = excluded.zone,
                        next_at = iif(cron = excluded.cron AND zone = excluded.zone, next_at, excluded.next_at)
                    RETURNING next_at
                    """)
                try settle.bind(members: schedule)
                guard try settle.step() else { continue }
                var settled = schedule
                settled.next = Timestamp(microseconds: try settle.int("next_at"))
                kept.append(settled)
            }
            // Nobody else has others.
            let names = try connection.prepare("SELECT name FROM job_schedule")
            var gone: [String] = []
            while try names.step() {
                let name = try names.text("name")
                if !kept.contains(where: { $0.name == name }) { gone.append(name) }
            }
            for name in gone { try Self.remove(name, connection) }
            return kept
        }
    }

    public func advance(
        _ schedule: String, from: Timestamp, to next: Timestamp?, _ job: NewJob
    ) async throws -> Timestamp? {
        try await database.write { connection in
            let present = try connection.prepare("SELECT next_at FROM job_schedule WHERE name = :name")
            try present.bind("name", schedule)
            guard try present.step() else { return nil }
            let time = Timestamp(microseconds: try present.int("next_at"))
            guard time == from else { return time }
            try connection.enqueue(job)
            guard let next else {
                try Self.remove(schedule, connection)
                return nil
            }
            let move = try connection.prepare("UPDATE job_schedule SET next_at = :next_at WHERE name = :name")
            try move.bind("name", schedule)
            try move.bind("next_at", next)
            try move.run()
            return next
        }
    }

    private static func remove(_ schedule: String, _ connection: Connection) throws {
        let delete = try connection.prepare("DELETE FROM job_schedule WHERE name = :name")
        try delete.bind("name", schedule)
        try delete.run()
    }
}
