import Crane
import CraneCelery
import CraneJobs
import CraneRedis
import CraneSQLite
import CraneSchema
import Foundation
import Testing

@testable import LiveTalk

@Suite("/process with a Redis", .timeLimit(.minutes(1)))
struct ProcessQueueTests {
    @Test("keeps its tasks while the Redis is away, and brings each with one id")
    func away() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "redis.sock").path
        var settings = Settings()
        settings.databaseURL = .memory
        settings.broker = .redis(try #require(RedisURL("redis+socket://\(socket)")))
        let talk = try ServedTalk(settings, log: .standardError())
        let client = Client(responder: talk.responder)
        let answer = try await client.send("POST", "/process?data=slides")
        #expect((answer.status, answer.body) == (200, #"{"message":"Processing queued"}"#))
        await talk.app.jobs.waitUntilIdle()
        func job() throws -> Job? {
            try talk.app.database.read { connection in
                try SQLiteJobStore.jobs(JobQuery(task: "celery-relay"), connection).first
            }
        }
        let waiting = try #require(try job())
        #expect((waiting.state, waiting.failures.count) == (.waiting, 1))

        // A broker stands for the Redis.
        let database = try Database(.init(.memory))
        _ = try database.migrate([.celery(1)])
        var configuration = CeleryBroker.Configuration()
        configuration.address = .unix(socket)
        let broker = try CeleryBroker(database, configuration)
        while try job()?.state == .waiting {
            await talk.app.jobs.skip(.seconds(60))
            await talk.app.jobs.waitUntilIdle()
        }
        #expect(try job()?.state == .done)
        let tasks = try database.read { try BrokerTask.recent(limit: 9, $0) }
        #expect(tasks.map(\.name) == ["tasks.process_dataset"])
        guard case .string(let id)? = waiting.input["id"] else {
            Issue.record("\(waiting.input)")
            return
        }
        #expect(tasks.map(\.id) == [id])
        broker.close()
        talk.close()
        database.close()
    }
}
