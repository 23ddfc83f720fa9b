import Crane
import CraneCelery
import CraneJobs
import CraneSQLite
public import CraneService

/// What an operator may do with jobs, on a database that no service has open, or in the service that has it.
///
/// Blocks the calling thread. Throws `StartError`, one line for the operator.
public struct JobAdministration: JobOperations {
    private let database: Database

    /// In the service, by its own database.
    init(_ database: Database) {
        self.database = database
    }

    /// Opens the database of the settings, which must be there, and brings it up to date.
    public init(_ settings: Settings) throws(StartError) {
        database = try LiveTalkApp.openedDatabase(settings, creating: false, for: "jobs")
    }

    /// Lets the database go.
    public func close() { database.close() }

    public func retry(_ id: Int) throws(StartError) {
        try change(id) { connection in try SQLiteJobStore.retry(id, at: .now, connection) }
    }

    public func cancel(_ id: Int) throws(StartError) {
        try change(id) { connection in try SQLiteJobStore.cancel(id, at: .now, connection) }
    }

    public func pause(_ queue: String?) throws(StartError) { try setPaused(true, queue) }

    public func resume(_ queue: String?) throws(StartError) { try setPaused(false, queue) }

    private func setPaused(_ isPaused: Bool, _ queue: String?) throws(StartError) {
        try explained {
            try database.transaction { try SQLiteJobStore.setPaused(isPaused, queue, $0) }
        }
    }

    private func change(_ id: Int, _ body: (Connection) throws -> Bool) throws(StartError) {
        let isThere = try explained { try database.transaction(body) }
        if !isThere { throw StartError("there is no job \(id)") }
    }

    private func explained<Value>(_ body: () throws -> Value) throws(StartError) -> Value {
        do {
            return try body()
        } catch let error as JobError {
            throw StartError("\(error)")
        } catch {
            throw StartError("the database failed: \(error)")
        }
    }
}

// What can be seen beside a service too.
extension JobAdministration {
    /// Jobs as lines with tabs between: id, state, task, queue, attempt of attempts, when it is or was due, last error; behind them the tasks
    /// that the embedded broker has of Celery's, as many at most.
    ///
    /// - Parameter state: one of a job's states, or `nil`.
    public static func list(
        _ settings: Settings, state: String?, task: String?, queue: String?, limit: Int
    ) throws(OperationError) -> [String] {
        let query = JobQuery(
            state: state.flatMap { Job.State(rawValue: $0) }, task: task, queue: queue, limit: limit)
        return try read(settings) { connection in
            let jobs = try SQLiteJobStore.jobs(query, connection).map { job in
                let fields = [
                    "\(job.id)", job.state.rawValue, job.task, job.queue, "\(job.attempt)/\(job.attempts)",
                    "\(job.runAt)", job.failures.last?.error ?? "",
                ]
                return fields.map { OneLine.text($0) }.joined(separator: "\t")
            }
            let tasks = try BrokerTask.recent(query.state, limit: limit, connection).filter { celery in
                (task == nil || celery.name == task) && (queue == nil || celery.queue == queue)
            }
            return jobs + tasks.map(\.line)
        }
    }

    /// The states that a list can be of.
    public static let states = Job.State.allCases.map(\.rawValue)

    /// A job, a fact a line, with every attempt that failed; or a task of Celery's by its UUID.
    public static func show(_ settings: Settings, _ id: String) throws(OperationError) -> [String] {
        try read(settings) { connection in
            if let number = Int(id), let job = try connection.find(Job.self, number) { return lines(of: job) }
            if let task = try BrokerTask.find(id, connection) { return task.lines }
            throw OperationError("there is no job \(id)")
        }
    }

    private static func lines(of job: Job) -> [String] {
        var facts: [(String, String?)] = [
            ("id", "\(job.id)"), ("task", job.task), ("state", job.state.rawValue), ("queue", job.queue),
            ("priority", "\(job.priority)"), ("attempt", "\(job.attempt) of \(job.attempts)"),
            ("due", "\(job.runAt)"), ("created", "\(job.createdAt)"),
            ("started", job.startedAt.map { "\($0)" }), ("finished", job.finishedAt.map { "\($0)" }),
            ("worker", job.worker), ("progress", job.progress.map { "\($0)" }), ("unique key", job.uniqueKey),
            ("limit key", job.limitKey.isEmpty ? nil : "\(job.limitKey), \(job.limit ?? 0) at once"),
            ("input", String(decoding: JSONValue.schema.encode(job.input), as: UTF8.self)),
        ]
        if job.isCancelled { facts.append(("cancelled", "yes")) }
        for failure in job.failures {
            facts.append(("attempt \(failure.attempt)", "\(failure.failedAt): \(failure.error)"))
        }
        return facts.compactMap { name, value in value.map { "\(name): \(OneLine.text($0))" } }
    }

    /// How many jobs run.
    public static func running(_ settings: Settings) throws(OperationError) -> Int {
        try read(settings) { connection in
            let row = try connection.prepare("SELECT count(*) AS count FROM job WHERE state = 'running'")
            return try row.step() ? row.int("count") : 0
        }
    }

    private static func read<Value>(
        _ settings: Settings, _ body: (Connection) throws -> Value
    ) throws(OperationError) -> Value {
        try DatabaseMaintenance(settings).withSnapshot { snapshot in
            if try DatabaseOrigin(snapshot) == .empty { throw OperationError(DatabaseMaintenance.emptiness) }
            return try snapshot.read { connection in
                let table = try connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'job'")
                guard try table.step() else {
                    throw OperationError("there are no jobs in it yet: livetalk migrate brings it up to date")
                }
                return try body(connection)
            }
        }
    }
}
