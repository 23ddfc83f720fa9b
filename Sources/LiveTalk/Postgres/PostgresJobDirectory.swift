import Crane
import CraneJobs
import CranePostgres
import CranePostgresJobs

/// The jobs of a PostgreSQL for an operator, beside the services that have it.
struct PostgresJobDirectory: JobDirectory {
    private let session: PostgresBlockingSession

    /// Connects, and brings the database up to date.
    init(_ url: String) throws(PostgresError) {
        let configuration = try PostgresConfiguration(url)
        try configuration.migrate(PostgresMigration.liveTalk)
        session = try PostgresBlockingSession(configuration)
    }

    func jobs(_ query: JobQuery) throws -> [Job] {
        guard let selection = PostgresJobStore.selection(query) else { return [] }
        return try session.execute(selection).rows(Job.self)
    }

    func job(_ id: Int) throws -> Job? {
        try session.execute(PostgresJobStore.finding(id)).rows(Job.self).first
    }

    func runningCount() throws -> Int {
        try session.execute(PostgresJobStore.runningCount)[0].int("count")
    }

    func retry(_ id: Int) throws -> Bool {
        let rows: PostgresRows
        do throws(PostgresError) {
            rows = try session.execute(PostgresJobStore.retrying(id, at: .now))
        } catch {
            throw PostgresJobStore.retryFailure(error)
        }
        guard let row = rows.first else { return false }
        try PostgresJobStore.retried(row)
        return true
    }

    func cancel(_ id: Int) throws -> Bool {
        guard let row = try session.execute(PostgresJobStore.cancelling(id, at: .now)).first else {
            return false
        }
        try PostgresJobStore.cancelled(row)
        return true
    }

    func setPaused(_ isPaused: Bool, _ queue: String?) throws {
        try session.execute(PostgresJobStore.pausing(isPaused, queue))
    }

    /// The connection ends with this value.
    func close() {}
}
