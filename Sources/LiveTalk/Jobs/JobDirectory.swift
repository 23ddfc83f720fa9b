import Crane
import CraneJobs
import CraneSQLite

/// The jobs of a database for an operator; every call blocks its thread.
protocol JobDirectory {
    /// Jobs, the newest first.
    func jobs(_ query: JobQuery) throws -> [Job]
    func job(_ id: Int) throws -> Job?
    /// How many jobs run.
    func runningCount() throws -> Int
    /// As ``JobStore/retry(_:at:)``.
    func retry(_ id: Int) throws -> Bool
    /// As ``JobStore/cancel(_:at:)``.
    func cancel(_ id: Int) throws -> Bool
    /// As ``JobStore/setPaused(_:_:)``.
    func setPaused(_ isPaused: Bool, _ queue: String?) throws
    /// Lets the database go.
    func close()
}

/// The jobs of an SQLite database.
struct SQLiteJobDirectory: JobDirectory {
    let database: Database

    func jobs(_ query: JobQuery) throws -> [Job] {
        try database.read { try SQLiteJobStore.jobs(query, $0) }
    }

    func job(_ id: Int) throws -> Job? { try database.read { try $0.find(Job.self, id) } }

    func runningCount() throws -> Int {
        try database.read { connection in
            let row = try connection.prepare("SELECT count(*) AS count FROM job WHERE state = 'running'")
            return try row.step() ? row.int("count") : 0
        }
    }

    func retry(_ id: Int) throws -> Bool {
        try database.transaction { try SQLiteJobStore.retry(id, at: .now, $0) }
    }

    func cancel(_ id: Int) throws -> Bool {
        try database.transaction { try SQLiteJobStore.cancel(id, at: .now, $0) }
    }

    func setPaused(_ isPaused: Bool, _ queue: String?) throws {
        try database.transaction { try SQLiteJobStore.setPaused(isPaused, queue, $0) }
    }

    func close() { database.close() }
}
