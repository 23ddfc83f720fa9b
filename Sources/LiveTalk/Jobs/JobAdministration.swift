import Crane
import CraneCelery
import CraneJobs
import CraneSQLite
public import CraneService

#if POSTGRES
import CranePostgres
#endif

/// What an operator may do with jobs, on an SQLite file that no service has open, in the service that has it, or on a PostgreSQL.
///
/// Blocks the calling thread. Throws `StartError`, one line for the operator.
public struct JobAdministration: JobOperations {
    private let jobs: any JobDirectory

    /// In the service, by its own database.
    init(_ database: Database) { jobs = SQLiteJobDirectory(database: database) }

    /// Opens the database of the settings, which must be there, and brings it up to date.
    public init(_ settings: Settings) throws(StartError) {
        #if POSTGRES
        if case .postgres(let url) = settings.databaseURL {
            do throws(PostgresError) {
                jobs = try PostgresJobDirectory(url)
            } catch {
                throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
            }
            return
        }
        #endif
        jobs = SQLiteJobDirectory(
            database: try LiveTalkApp.openedDatabase(settings, creating: false, for: "jobs"))
    }

    /// Lets the database go.
    public func close() { jobs.close() }

    public func retry(_ id: Int) throws(StartError) { try change(id) { try jobs.retry(id) } }

    public func cancel(_ id: Int) throws(StartError) { try change(id) { try jobs.cancel(id) } }

    public func pause(_ queue: String?) throws(StartError) { try setPaused(true, queue) }

    public func resume(_ queue: String?) throws(StartError) { try setPaused(false, queue) }

    private func setPaused(_ isPaused: Bool, _ queue: String?) throws(StartError) {
        try explained { try jobs.setPaused(isPaused, queue) }
    }

    private func change(_ id: Int, _ body: () throws -> Bool) throws(StartError) {
        if try !explained(body) { throw StartError("there is no job \(id)") }
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
        if case .postgres = settings.databaseURL {
            return try directory(settings) { try $0.jobs(query) }.map(line(of:))
        }
        return try read(settings) { connection in
            let jobs = try SQLiteJobStore.jobs(query, connection).map(line(of:))
            let tasks = try BrokerTask.recent(query.state, limit: limit, connection).filter { celery in
                (task == nil || celery.name == task) && (queue == nil || celery.queue == queue)
            }
            return jobs + tasks.map(\.line)
        }
    }

    private static func line(of job: Job) -> String {
        let fields = [
            "\(job.id)", job.state.rawValue, job.task, job.queue, "\(job.attempt)/\(job.attempts)",
            "\(job.runAt)", job.failures.last?.error ?? "",
        ]
        return fields.map { OneLine.text($0) }.joined(separator: "\t")
    }

    /// The states that a list can be of.
    public static let states = Job.State.allCases.map(\.rawValue)

    /// A job, a fact a line, with every attempt that failed; or a task of Celery's by its UUID.
    public static func show(_ settings: Settings, _ id: String) throws(OperationError) -> [String] {
        if case .postgres = settings.databaseURL {
            guard let job = try directory(settings, { jobs in try Int(id).flatMap { try jobs.job($0) } })
            else {
                throw OperationError("there is no job \(id)")
            }
            return lines(of: job)
        }
        return try read(settings) { connection in
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
        if case .postgres = settings.databaseURL { return try directory(settings) { try $0.runningCount() } }
        return try read(settings) { connection in
            let row = try connection.prepare("SELECT count(*) AS count FROM job WHERE state = 'running'")
            return try row.step() ? row.int("count") : 0
        }
    }

    /// By a connection of its own, beside services too.
    private static func directory<Value>(
        _ settings: Settings, _ body: (any JobDirectory) throws -> Value
    ) throws(OperationError) -> Value {
        do {
            let administration = try JobAdministration(settings)
            defer { administration.close() }
            return try body(administration.jobs)
        } catch {
            throw OperationError("\(error)")
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
