import CranePostgres
import CranePostgresJobs
import CraneSchema
import TestSupport
import Testing

@testable import CraneJobs

/// A database of the test's own, with the tables of jobs beside a table `effect (job, attempt)`.
func postgresDatabase() throws -> PostgresClient {
    let configuration = try PostgresConfiguration(PostgresServer.shared().database())
    try configuration.migrate([
        .jobs(1),
        PostgresMigration(
            2, "effect", sql: "CREATE TABLE effect (job bigint NOT NULL, attempt bigint NOT NULL)"),
    ])
    return PostgresClient(configuration, logger: .silent)
}

/// Jobs of one of several processes on a database.
private struct Node {
    let database: PostgresClient
    let jobs: Jobs

    init(_ configuration: PostgresConfiguration, _ adjust: (inout Jobs.Options) -> Void = { _ in }) {
        var options = Jobs.Options()
        options.pollInterval = .milliseconds(50)
        adjust(&options)
        database = PostgresClient(configuration, logger: .silent)
        jobs = Jobs(PostgresJobStore(database), options: options, logger: .silent)
    }

    func stop() async {
        await jobs.stop()
        database.close()
    }

    func note(_ job: RunningJob) async throws {
        try await database.transaction { transaction in
            try await transaction.execute("INSERT INTO effect VALUES (\(job.id), \(job.attempt))")
            try await job.complete(in: transaction)
        }
    }
}

@Suite("Jobs on PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresJobTests {
    private func effects(_ database: PostgresClient) async throws -> [Int] {
        try await database.query("SELECT job FROM effect ORDER BY job").map { try $0.int("job") }
    }

    private func untilDone(_ count: Int, _ database: PostgresClient) async throws {
        while try await database.query("SELECT count(*) AS count FROM job WHERE state = 'done'")[0].int(
            "count") < count
        {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("of two processes each runs some of the jobs, and each job is run once")
    func runsOnce() async throws {
        let database = try postgresDatabase()
        defer { database.close() }
        let nodes = (0..<2).map { _ in Node(database.configuration) { $0.concurrency = 4 } }
        let counts = nodes.map { _ in Notes<Int>() }
        for (node, ran) in zip(nodes, counts) {
            let task = node.jobs.task("work", input: Mail.self) { _, job in
                try await node.note(job)
                ran.add(job.id)
            }
            try node.jobs.start()
            if ran === counts[0] {
                for _ in 0..<6 {
                    _ = try await node.jobs.enqueue((0..<50).map { try task.job(Mail(to: "\($0)")) })
                }
            }
        }
        try await untilDone(300, database)
        #expect(try await effects(database).count == 300)
        #expect(Set(try await effects(database)).count == 300)
        #expect(counts.allSatisfy { !$0.all.isEmpty })
        for node in nodes { await node.stop() }
    }

    @Test("a job is there with the transaction that enqueues it, or not at all")
    func enqueuesInTransactions() async throws {
        let database = try postgresDatabase()
        defer { database.close() }
        let node = Node(database.configuration)
        let seen = Notes<String>()
        let task = node.jobs.task(
            "send", input: Mail.self, unique: { $0.to }, handler: { mail, _ in seen.add(mail.to) })
        let (kept, undone) = (try task.job(Mail(to: "kept")), try task.job(Mail(to: "undone")))
        let ids = try await node.database.transaction { transaction in
            [try await transaction.enqueue(kept), try await transaction.enqueue(kept)]
        }
        #expect(ids[0] == ids[1])
        await #expect(throws: Refused.self) {
            try await node.database.transaction { transaction in
                try await transaction.enqueue(undone)
                throw Refused()
            }
        }
        try node.jobs.start()
        await node.jobs.waitUntilIdle()
        #expect(seen.all == ["kept"])
        // What is committed while the worker runs wakes it.
        try await node.database.transaction { _ = try await $0.enqueue(undone) }
        await node.jobs.waitUntilIdle()
        #expect(seen.all == ["kept", "undone"])
        await node.stop()
    }

    @Test("of one key so many run and of one queue so many begin, in all processes together")
    func countsTogether() async throws {
        let database = try postgresDatabase()
        defer { database.close() }
        let running = Notes<Int>()
        let nodes = (0..<2).map { _ in Node(database.configuration) }
        for (place, node) in nodes.enumerated() {
            node.jobs.queue("slow", rate: JobRate(3, per: .seconds(3600)))
            let limited = node.jobs.task("limited", input: Mail.self, limit: JobLimit(1) { $0.to }) {
                _, job in
                let others = try await node.database.query(
                    "SELECT count(*) AS count FROM job WHERE state = 'running' AND task = 'limited'")
                running.add(try others[0].int("count"))
            }
            let rated = node.jobs.task("rated", queue: "slow") { _ in }
            try node.jobs.start()
            if place == 0 {
                _ = try await node.jobs.enqueue((0..<20).map { _ in try limited.job(Mail(to: "one")) })
                _ = try await node.jobs.enqueue((0..<10).map { _ in try rated.job() })
            }
        }
        try await untilDone(23, database)
        #expect(running.all == Array(repeating: 1, count: 20))
        let left = try await database.query(
            "SELECT count(*) AS count FROM job WHERE task = 'rated' AND attempt > 0")
        #expect(try left[0].int("count") == 3)
        for node in nodes { await node.stop() }
    }

    @Test("what a process ran that is gone is run by another")
    func rescues() async throws {
        let database = try postgresDatabase()
        defer { database.close() }
        // A worker that says nothing any more.
        let gone = PostgresJobStore(database)
        let worker = UniqueID()
        try await gone.begin(worker, node: "gone", at: .now)
        let node = Node(database.configuration) { options in
            (options.heartbeat, options.lease) = (.milliseconds(50), .milliseconds(400))
        }
        let seen = Notes<Int>()
        let task = node.jobs.task("work") { job in seen.add(job.attempt) }
        let id = try await task.enqueue()
        let claim = try await gone.claim([JobClaim(queue: "default", count: 1)], for: worker, at: .now)
        #expect(claim[0].jobs.map(\.id) == [id])
        try node.jobs.start()
        try await untilDone(1, database)
        #expect(seen.all == [2])
        #expect(
            try await gone.finish([JobResult(id: id, attempt: 1, .done)], of: worker, at: .now) == [false])
        await node.stop()
    }

    @Test("what was claimed by a claim that nobody knows the end of is given back")
    func givesBack() async throws {
        let database = try postgresDatabase()
        defer { database.close() }
        let store = PostgresJobStore(database)
        let worker = UniqueID()
        let jobs = Jobs(store, logger: .silent)
        let id = try await jobs.task("work") { _ in }.enqueue()
        let now = Timestamp.now
        let lost = try await store.claim([JobClaim(queue: "default", count: 1)], for: worker, at: now)
        #expect(lost[0].jobs.map(\.id) == [id])
        store.isInDoubt(worker, at: now)
        let again = try await store.claim([JobClaim(queue: "default", count: 1)], for: worker, at: .now)
        #expect(again[0].jobs.map(\.id) == [id])
        #expect(try await store.job(id)?.attempts == 21)
    }
}

extension Timestamp {
    static var now: Timestamp { JobClock().now }
}
