public import CraneSchema

/// Something that is enqueued again and again, as a store keeps it.
public struct JobSchedule: Hashable, Sendable {
    public let name: String
    /// As ``Cron`` reads it.
    public let cron: String
    public let zone: String
    public let task: String
    /// When a job is enqueued next.
    public var next: Timestamp

    package init(name: String, cron: String, zone: String, task: String, next: Timestamp) {
        self.name = name
        self.cron = cron
        self.zone = zone
        self.task = task
        self.next = next
    }
}

extension JobSchedule: SchemaRepresentable {
    public static let schema = Object(
        JobSchedule.init, name: "JobSchedule", description: "A job that is enqueued again and again"
    ) {
        Field("name", \.name)
        Field("cron", \.cron)
        Field("zone", \.zone)
        Field("task", \.task)
        Field("next_at", \.next)
    }
}

/// A schedule as the program has declared it.
struct DeclaredSchedule: Sendable {
    let name: String
    let cron: Cron
    let task: String
    let make: @Sendable () throws(JobError) -> NewJob
    /// As the store has it.
    var next: Timestamp?

    func kept(after now: Timestamp) -> JobSchedule? {
        cron.next(after: now).map {
            JobSchedule(name: name, cron: cron.description, zone: cron.zone, task: task, next: $0)
        }
    }
}

extension Jobs {
    /// Has a job enqueued at the times of a ``Cron``, by whichever process comes first: none of them is the leader.
    ///
    /// Times at which no worker ran are made up for by one job, at its start. The job is enqueued whether the one before has ended
    /// or not; a task with a `unique` key has one at most.
    ///
    /// ```swift
    /// try jobs.schedule("digest", cron: "0 7 * * mon-fri", zone: "Africa/Kampala", sendDigest)
    /// ```
    /// - Parameters:
    ///   - name: what the schedule is called in the database.
    ///   - cron: the times, in cron's five fields.
    ///   - zone: the time zone that they are in, by its name in the system's database.
    ///   - task: what is enqueued.
    ///   - input: made at each time.
    /// - Throws: `CronError` for a text or a zone that means nothing, and for times that never come.
    public func schedule<Input: SchemaRepresentable>(
        _ name: String, cron: String, zone: String = "UTC", _ task: JobTask<Input>,
        input: @escaping @Sendable () -> Input
    ) throws(CronError) {
        let cron = try Cron(cron, zone: zone)
        let schedule = DeclaredSchedule(name: name, cron: cron, task: task.name) { () throws(JobError) in
            try task.job(input())
        }
        declare("schedule \(name)") { state in
            if state.schedules.contains(where: { $0.name == name }) {
                return "there is one of this name already"
            }
            state.schedules.append(schedule)
            return nil
        }
    }

    /// The same for a task that takes nothing.
    public func schedule(
        _ name: String, cron: String, zone: String = "UTC", _ task: JobTask<NoInput>
    ) throws(CronError) {
        try schedule(name, cron: cron, zone: zone, task) { NoInput() }
    }
}
