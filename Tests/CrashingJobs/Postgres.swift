import CraneJobs
import CranePostgres
import CranePostgresJobs
import Logging

extension PostgresMigration {
    /// The tables that the crash test looks at.
    static let causesAndEffects = PostgresMigration(
        2, "causes and effects",
        sql: """
            CREATE TABLE cause (id bigint PRIMARY KEY);
            CREATE TABLE effect (job bigint NOT NULL, attempt bigint NOT NULL);
            """)
}

/// The same on PostgreSQL as one of two processes, each of which enqueues every other job: crashing-jobs URL COUNT 0|1.
func crashOnPostgres(_ url: String, _ total: Int, process: Int) async throws {
    let configuration = try PostgresConfiguration(url)
    try configuration.migrate([.jobs(1), .causesAndEffects])
    let logger = Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() }
    let database = PostgresClient(configuration, logger: logger)
    var options = Jobs.Options()
    (options.heartbeat, options.lease, options.pollInterval) = (
        .milliseconds(100), .milliseconds(1000), .milliseconds(50)
    )
    let jobs = Jobs(PostgresJobStore(database), options: options, logger: logger)
    let backOff = JobBackOff(first: .milliseconds(20), maximum: .milliseconds(100))
    let work = jobs.task("work", input: Cause.self, attempts: 100, backOff: backOff) { cause, job in
        if Int.random(in: 0..<50) == 0 { try await job.sleep(for: .milliseconds(10)) }
        if Int.random(in: 0..<20) == 0 { throw JobFailure.again(after: .milliseconds(20), "as told") }
        try await database.transaction { transaction in
            try await transaction.execute("INSERT INTO effect VALUES (\(job.id), \(job.attempt))")
            try await job.complete(in: transaction)
        }
    }
    try jobs.start()
    func count(_ rows: PostgresQuery) async throws -> Int { try await database.query(rows)[0].int("count") }
    var enqueued = try await count("SELECT count(*) AS count FROM cause WHERE id % 2 = \(process)")
    while enqueued * 2 + process < total {
        let next = (enqueued..<enqueued + 20).map { $0 * 2 + process }.filter { $0 < total }.map {
            Cause(id: $0)
        }
        try await database.transaction { transaction in
            try await transaction.execute("INSERT INTO cause SELECT unnest(\(next.map(\.id)))")
            try await transaction.enqueue(next.map { try work.job($0) })
        }
        enqueued += next.count
    }
    // What the other process has not enqueued yet, and jobs that have not ended.
    while try await count(
        """
        SELECT \(total) - (SELECT count(*) FROM cause) + (SELECT count(*) FROM job WHERE state IN ('waiting', 'running')) AS count
        """) > 0
    {
        try await Task.sleep(for: .milliseconds(10))
    }
    await jobs.stop()
    database.close()
}
