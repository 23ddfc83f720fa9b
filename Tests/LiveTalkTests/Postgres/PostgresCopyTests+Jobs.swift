import Crane
import CraneJobs
import CranePostgres
import CranePostgresJobs
import CraneSQLite
import CraneSchema
import CraneWebhooks
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

extension PostgresCopyTests {
    /// Opens a file that no service has.
    private func open<Value>(_ file: DatabaseURL, _ body: (Connection) throws -> Value) throws -> Value {
        let database = try Database(Database.Configuration(.file(try #require(file.path))))
        defer { database.close() }
        return try database.transaction(body)
    }

    private func jobs(_ file: DatabaseURL) throws -> [Job] {
        try open(file) { try SQLiteJobStore.jobs(JobQuery(limit: 1000), $0) }
    }

    private func jobs(_ url: String) throws -> [Job] {
        try PostgresJobDirectory(url).jobs(JobQuery(limit: 1000))
    }

    /// Jobs of a task that no program has, behind those that are there: done, dead with what went wrong, due in years with keys, cancelled.
    private func addJobs(_ file: DatabaseURL, key: String = "once") throws {
        try open(file) { connection in
            try connection.execute(
                """
                INSERT INTO job (task, queue, priority, state, run_at, attempt, attempts, input, unique_key, limit_key, key_limit,
                    worker, is_cancelled, progress, failures, created_at, started_at, finished_at)
                VALUES
                    ('call', 'calls', 9, 'done', 5000001, 1, 3, '{"to":"ada"}', '\(key)', '', NULL, 'w1', 0, NULL, '[]',
                        1, 6000000, 7000000),
                    ('call', 'calls', 0, 'dead', 5000001, 2, 2, '{"b":1.0,"a":"\\u0000"}', NULL, '', NULL, 'w1', 0, 0.25,
                        '[{"attempt":2,"started_at":null,"failed_at":"2026-11-29T10:00:00Z","error":"no\\nline"}]', 1, 2, 3),
                    ('call', 'calls', 0, 'waiting', 4000000000000001, 0, 3, '[]', '\(key)', 'ad' || char(0), 2, NULL, 0, NULL, '[]',
                        1, NULL, NULL),
                    ('call', 'calls', 0, 'cancelled', 4000000000000001, 0, 3, 'null', NULL, '', NULL, NULL, 1, NULL, '[]',
                        1, NULL, 9);
                INSERT OR IGNORE INTO job_queue VALUES ('calls', 1);
                """)
        }
    }

    @Test("takes jobs along: nodes go on with each once, and webhooks are told of no change twice")
    func jobsGoOn() async throws {
        let receiver = try WebhookReceiver()
        let endpoint = try #require(WebhookEndpoint(receiver.setting))
        func hooked(_ settings: inout Settings) {
            settings.webhooks = [endpoint]
            settings.webhookNetworks = ["127.0.0.0/8"]
        }
        let (next, source) = try await file(hooked) { client, live -> Timestamp? in
            for text in ["one", "two"] { try await post(client, text) }
            try await receiver.webhooks.wait(forCount: 2)
            await live.jobs.waitUntilIdle()
            // What comes now waits for the nodes.
            try await live.jobs.pause("webhooks")
            for text in ["three", "four", "five"] { try await post(client, text) }
            return try live.database.read { connection in
                let schedule = try connection.prepare("SELECT next_at FROM job_schedule")
                return try schedule.step() ? schedule.value("next_at", as: Timestamp.self) : nil
            }
        }
        try addJobs(source)
        // A service that was killed had one under way.
        try open(source) { connection in
            try connection.execute(
                """
                INSERT INTO job (task, queue, priority, state, run_at, attempt, attempts, input, limit_key, worker, created_at, started_at)
                VALUES ('remove-expired', 'upkeep', 0, 'running', 1, 1, 5, '{}', '', 'killed', 1, 2)
                """)
        }
        let before = try jobs(source)
        let url = try PostgresServer.shared().database()
        // A node that was there before follows the log for webhooks, from its beginning.
        _ = try PostgresNode(url, hooked)
        let outcome = try DatabaseCopy(from: source, to: .postgres(url)).run(leavingTasks: false) { _, _ in }
        #expect((outcome.comments, outcome.jobs) == (5, 10))
        #expect(try jobs(url) == before)
        let session = try PostgresBlockingSession(PostgresConfiguration(url))
        let paused = try session.execute("SELECT name FROM job_queue ORDER BY name").map {
            try $0.text("name")
        }
        #expect(paused == ["calls", "webhooks"])
        #expect(try session.execute("SELECT next_at FROM job_schedule")[0].timestamp("next_at") == next)
        let nodes = try (0..<2).map { _ in try PostgresNode(url, hooked) }
        #expect(receiver.webhooks.entries.count == 2)
        try PostgresJobDirectory(url).setPaused(false, "webhooks")
        try await receiver.webhooks.wait(forCount: 5)
        try await nodes[1].post("six")
        try await receiver.webhooks.wait(forCount: 6)
        let ids = try receiver.messages().map(\.id)
        #expect(Set(ids).count == 6 && Set(ids.map { $0.split(separator: "-").last }).count == 6)
        // What the killed service ran is tried again, as at each sign of life of a node's, and a new job has the next id.
        _ = try await PostgresJobStore(nodes[0].database).rescue(
            silentSince: Timestamp(microseconds: 0), at: .now)
        while try jobs(url).contains(where: { $0.state != .done && $0.task != "call" }) {
            try await Task.sleep(for: .milliseconds(50))
        }
        let rescued = try #require(try jobs(url).first { $0.id == 10 })
        #expect(rescued.attempt == 2 && rescued.failures.map(\.error) == ["its worker is gone"])
        #expect(try jobs(url).filter { $0.task == "webhook" }.map(\.id) == [11, 5, 4, 3, 2, 1])
        #expect(receiver.webhooks.entries.count == 6)
        withExtendedLifetime(nodes) {}
        try await receiver.close()
    }

    @Test(
        "goes on with jobs where it was interrupted, and refuses a file in which one has ended or was tried meanwhile"
    )
    func interruptedJobs() async throws {
        let (_, source) = try await file { client, _ in try await post(client, "one") }
        for key in ["a", "b", "c"] { try addJobs(source, key: key) }
        let url = try PostgresServer.shared().database()
        #expect(throws: OperationError.self) {
            try DatabaseCopy(from: source, to: .postgres(url)).run(leavingTasks: false) { _, _ in
                throw Interruption()
            }
        }
        let database = try Database(Database.Configuration(.file(try #require(source.path))))
        let session = try PostgresBlockingSession(PostgresConfiguration(url))
        try PostgresCopy(source: database, session: session, rows: 2).copyEndedJobs()
        database.close()
        #expect(try jobs(url).count == 9 && jobs(url).allSatisfy { $0.state.hasEnded })
        let before = try jobs(source)
        let copy = try DatabaseCopy(from: source, to: .postgres(url))
        try open(source) { try $0.execute("UPDATE job SET attempt = 3 WHERE id = 2") }
        #expect { _ = try copy.run(leavingTasks: false) { _, _ in } } throws: { "\($0)".contains("changed") }
        try open(source) { try $0.execute("UPDATE job SET attempt = 2 WHERE id = 2") }
        #expect(try copy.run(leavingTasks: false) { _, _ in }.jobs == 12)
        #expect(try jobs(url) == before)
    }

    @Test("goes into no PostgreSQL in which jobs wait, and lets those go that have ended")
    func otherJobs() async throws {
        let (_, source) = try await file { client, _ in try await post(client, "one") }
        let url = try PostgresServer.shared().database()
        _ = try PostgresNode(url)
        try PostgresMigrationSample.insert(url)
        let copy = try DatabaseCopy(from: source, to: .postgres(url))
        #expect { _ = try copy.run(leavingTasks: false) { _, _ in } } throws: {
            "\($0)".contains("not empty")
        }
        #expect(try PostgresJobDirectory(url).cancel(2))
        #expect(try copy.run(leavingTasks: false) { _, _ in }.jobs == 0)
        #expect(try jobs(url).isEmpty)
    }

    @Test(
        "leaves Celery's tasks that wait in the embedded broker where they are, and only when it is told to")
    func celery() async throws {
        let (_, source) = try await file { client, _ in try await post(client, "one") }
        try open(source) { connection in
            try connection.execute(
                """
                INSERT INTO celery_message (queue, place, body, task, task_id, is_transient, created_at)
                VALUES ('0/celery', 0, x'00', 't', 'i', 0, 1), ('0/reply', 0, x'00', NULL, NULL, 1, 1)
                """)
        }
        let url = try PostgresServer.shared().database()
        let arguments = ["copy", "--from", source.description, "--to", url]
        let refused = try CommandProcess(arguments).outcome()
        #expect(refused.status == 1 && refused.errors.contains("1 tasks of Celery's wait"))
        let copied = try CommandProcess(arguments + ["--without-tasks"]).outcome()
        #expect(copied.output == "1 comments, 0 talks, 0 users and 0 jobs are there\n", "\(copied)")
    }
}
