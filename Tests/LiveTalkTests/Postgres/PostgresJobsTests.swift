import Crane
import CraneCelery
import CraneJobs
import CranePasswords
import CranePostgres
import CraneRedis
import CraneSQLite
import CraneSchema
import CraneService
import CraneWebhooks
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

@Suite("LiveTalk's jobs on PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresJobsTests {
    @Test("webhooks tell each receiver once of every change, on whichever node it was made")
    func webhooks() async throws {
        let url = try PostgresServer.shared().database()
        let (first, second) = (try WebhookReceiver(), try WebhookReceiver())
        let endpoints = try [first, second].map { try #require(WebhookEndpoint($0.setting)) }
        let nodes = try (0..<2).map { _ in
            try PostgresNode(url) { settings in
                settings.webhooks = endpoints
                settings.webhookNetworks = ["127.0.0.0/8"]
            }
        }
        for number in 0..<10 { try await nodes[number % 2].post("\(number)") }
        let put = try await nodes[0].client.send("PUT", "/comments/1", json: #"{"comment_text":"changed"}"#)
        #expect(put.status == 200)
        _ = try await nodes[1].client.send("DELETE", "/comments/2")
        for receiver in [first, second] {
            try await receiver.webhooks.wait(forCount: 12)
            let messages = try receiver.messages()
            #expect(Set(messages.map(\.id)).count == 12)
            let deleted = try #require(
                messages.first { $0.type == "comment.deleted" && $0.id.hasSuffix("-1-12") })
            #expect(deleted.data == ["talk_id": 1, "seq": 12, "id": 2])
            let updated = try #require(messages.first { $0.type == "comment.updated" })
            #expect(updated.data["comment"]?["comment_text"] == "changed")
            #expect(updated.id.hasSuffix("-1-11"))
        }
        withExtendedLifetime(nodes) {}
        try await first.close()
        try await second.close()
    }

    @Test("/process keeps its tasks while the Redis is away, and brings each once")
    func celery() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "redis.sock").path
        let broker = try #require(RedisURL("redis+socket://\(socket)"))
        let url = try PostgresServer.shared().database()
        let node = try PostgresNode(url) { $0.broker = .redis(broker) }
        let answer = try await node.client.send("POST", "/process?data=slides")
        #expect((answer.status, answer.body) == (200, #"{"message":"Processing queued"}"#))
        // A broker stands for the Redis.
        let database = try Database(.init(.memory))
        _ = try database.migrate([.celery(1)])
        var configuration = CeleryBroker.Configuration()
        configuration.address = .unix(socket)
        let embedded = try CeleryBroker(database, configuration)
        while try database.read({ try BrokerTask.recent(limit: 9, $0) }).isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        let tasks = try database.read { try BrokerTask.recent(limit: 9, $0) }
        #expect(tasks.map(\.name) == ["tasks.process_dataset"])
        withExtendedLifetime(node) {}
        embedded.close()
        database.close()
    }

    @Test("moderators see and change jobs at any node; metrics count them")
    func routes() async throws {
        let url = try PostgresServer.shared().database()
        let node = try PostgresNode(url)
        try PostgresMigrationSample.insert(url)
        let session = PostgresUserDirectory(
            session: try PostgresBlockingSession(PostgresConfiguration(url)))
        let ada = try #require(
            try session.add("ada", PasswordHash(text: "none"), isDemo: false, isModerator: true))
        try session.keepWaiting("moderator-token", of: ada, for: nil) {}
        let moderator = ["Authorization: Bearer moderator-token"]
        #expect(try await node.client.send("GET", "/jobs/").status == 403)
        let list = try await node.client.send("GET", "/jobs/?state=dead&q=ada", headers: moderator)
        #expect(list.status == 200 && list.body.contains(#""error":"no\nline""#))
        #expect(try await node.client.send("GET", "/jobs/?q=%00", headers: moderator).body == "[]")
        // The worker enters its schedules when it begins.
        var summary = ""
        while !summary.contains("remove-expired") {
            summary = try await node.client.send("GET", "/jobs/summary", headers: moderator).body
        }
        #expect(summary.contains(#""later":1"#))
        let retried = try await node.client.send("POST", "/jobs/1/retry", headers: moderator)
        #expect(retried.status == 200)
        #expect(try await node.client.send("POST", "/jobs/2/cancel", headers: moderator).status == 200)
        #expect(try await node.client.send("POST", "/jobs/2/cancel", headers: moderator).status == 409)
        #expect(try await node.client.send("POST", "/jobs/3/cancel", headers: moderator).status == 404)
        let pause = try await node.client.send(
            "PUT", "/jobs/queues/upkeep", headers: moderator, json: #"{"is_paused":true}"#)
        #expect(pause.status == 200)
        #expect(try await node.client.send("GET", "/metrics").body.contains("livetalk_jobs_due"))
    }
}

/// A dead job 1 and one that waits for years, 2, of a task that no program has.
enum PostgresMigrationSample {
    static func insert(_ url: String) throws {
        let session = try PostgresBlockingSession(PostgresConfiguration(url))
        try session.execute(
            """
            INSERT INTO job (task, queue, priority, state, run_at, attempt, attempts, input, limit_key, failures, created_at, finished_at)
            VALUES ('call', 'calls', 0, 'dead', to_timestamp(0), 1, 1, '{"to":"ada"}', '',
                '[{"attempt":1,"started_at":null,"failed_at":"2026-11-29T10:00:00Z","error":"no\\nline"}]', to_timestamp(0), now()),
            ('call', 'calls', 0, 'waiting', to_timestamp(4000000000), 0, 3, '{"to":"bob"}', '', '[]', to_timestamp(0), NULL)
            """)
    }
}

@Suite("The command for jobs on PostgreSQL", .ownThreads, .needsPostgres)
struct PostgresJobCommandTests {
    private func run(_ arguments: [String], in url: String) throws -> CommandProcess.Outcome {
        try CommandProcess(["jobs"] + arguments + ["--database-url", url]).outcome()
    }

    @Test("lists, shows, retries, cancels, pauses and drains jobs beside the nodes")
    func commands() throws {
        let url = try PostgresServer.shared().database()
        #expect(try run(["list"], in: url).output == "")
        try PostgresMigrationSample.insert(url)
        let dead = "1\tdead\tcall\tcalls\t1/1\t1970-01-01T00:00:00.000000Z\tno\\nline\n"
        let waiting = "2\twaiting\tcall\tcalls\t0/3\t2096-10-02T07:06:40.000000Z\t\n"
        #expect(try run(["list"], in: url).output == waiting + dead)
        #expect(try run(["list", "--state", "dead", "--task", "call"], in: url).output == dead)
        let shown = try run(["show", "1"], in: url)
        #expect(shown.output.hasPrefix("id: 1\ntask: call\nstate: dead\nqueue: calls\n"))
        #expect(shown.output.hasSuffix("attempt 1: 2026-11-29T10:00:00.000000Z: no\\nline\n"))
        #expect(try run(["show", "3"], in: url).errors.hasSuffix("there is no job 3\n"))
        #expect(try run(["retry", "1"], in: url).output == "job 1 waits again\n")
        let again = try run(["retry", "1"], in: url)
        #expect((again.status, again.errors) == (1, "livetalk: the job is waiting\n"))
        #expect(try run(["cancel", "2"], in: url).output == "job 2 is cancelled\n")
        #expect(try run(["pause", "calls"], in: url).output == "paused the queue calls\n")
        #expect(try run(["resume"], in: url).output == "resumed all queues\n")
        #expect(try run(["drain"], in: url).output == "paused all queues; no job runs\n")
    }
}
