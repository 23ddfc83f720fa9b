import CraneJobs
import CraneSQLite
import Logging
import Synchronization

/// Jobs in a database of their own in memory, beside a table `effect (job, attempt)`.
struct Bench {
    let database: Database
    let jobs: Jobs

    init(_ adjust: (inout Jobs.Options) -> Void = { _ in }) throws {
        try self.init(Bench.database(), adjust)
    }

    init(_ database: Database, _ adjust: (inout Jobs.Options) -> Void = { _ in }) {
        var options = Jobs.Options()
        adjust(&options)
        self.database = database
        jobs = Jobs(SQLiteJobStore(database), options: options, logger: .silent)
    }

    static func database(_ location: Database.Configuration.Location = .memory) throws -> Database {
        let database = try Database(Database.Configuration(location))
        try database.migrate([
            .jobs(1),
            Migration(
                2, "effect", sql: "CREATE TABLE effect (job INTEGER NOT NULL, attempt INTEGER NOT NULL)"),
            .jobRates(3),
        ])
        return database
    }

    func job(_ id: Int) throws -> Job? { try database.read { try $0.find(Job.self, id) } }

    func state(_ id: Int) throws -> Job.State? { try job(id)?.state }

    func allJobs() throws -> [Job] { try database.read { try $0.select(Job.self, "ORDER BY id") } }

    func effects() throws -> [Int] {
        try database.read { connection in
            let rows = try connection.prepare("SELECT job FROM effect ORDER BY job")
            var jobs: [Int] = []
            while try rows.step() { jobs.append(try rows.int("job")) }
            return jobs
        }
    }

    /// How many pages the database may have; `nil` for those that it has.
    func limitPages(to count: Int?) async throws {
        try await database.write { connection in
            let present = try connection.prepare("PRAGMA page_count")
            _ = try present.step()
            let limit = try connection.prepare(
                "PRAGMA max_page_count = \(count ?? present.int("page_count"))" as String)
            _ = try limit.step()
        }
    }

    /// What a transaction of the job's own does in these tests.
    func note(_ job: RunningJob) async throws {
        try await database.write { connection in
            try connection.insertEffect(of: job)
            try job.complete(in: connection)
        }
    }
}

extension Connection {
    func insertEffect(of job: RunningJob) throws {
        let insert = try prepare("INSERT INTO effect VALUES (:job, :attempt)")
        try insert.bind("job", job.id)
        try insert.bind("attempt", job.attempt)
        try insert.run()
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() } }
}

/// What the tasks of these tests take.
struct Mail: Hashable, Sendable, SchemaRepresentable {
    let to: String

    static let schema = Object(Mail.init) { Field("to", \.to, .string(maxLength: 20)) }
}

/// A list that handlers add to.
final class Notes<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func add(_ element: Element) { elements.withLock { $0.append(element) } }

    var all: [Element] { elements.withLock { $0 } }
}

struct Refused: Error, CustomStringConvertible {
    let description = "refused"
}
