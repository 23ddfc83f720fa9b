import Crane
import CraneSQLite
import CraneService
import Foundation
import Logging
import Synchronization
import Testing

@testable import LiveTalk

@Suite("Health")
struct HealthTests {
    private struct Broken: Error {}

    private func readyz(_ readiness: Readiness, _ settings: Settings = Settings()) async throws
        -> Client.Answer
    {
        try await client(readiness, settings).send("GET", "/readyz")
    }

    private func client(_ readiness: Readiness, _ settings: Settings = Settings()) throws -> Client {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let database = try Database.testing()
        let context = ServiceContext("LiveTalk", logger: logger)
        context.readiness = readiness
        let app = App(
            settings, comments: SQLiteCommentStore(database), users: SQLiteUserStore(database),
            context: context)
        return Client(responder: app.build())
    }

    @Test("is told to anybody, whatever the host and however often")
    func exempt() async throws {
        var settings = Settings()
        settings.rateLimit = RateRule(count: 1, seconds: 60)
        settings.allowedHosts = ["livetalk.example"]
        let client = try client(Readiness(), settings)
        for _ in 0..<3 {
            let answer = try await client.send("GET", "/healthz", host: "10.0.0.1")
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"alive"}"#)
            #expect(try await client.send("GET", "/readyz", host: "10.0.0.1").body == #"{"status":"ready"}"#)
        }
        #expect(try await client.send("GET", "/", host: "10.0.0.1").status == 400)
        #expect(try await client.send("GET", "/", host: "livetalk.example").status == 200)
        #expect(try await client.send("GET", "/", host: "livetalk.example").status == 429)
    }

    @Test("says not ready while the service drains")
    func draining() async throws {
        let readiness = Readiness()
        #expect(try await readyz(readiness).status == 200)
        readiness.beginDraining()
        let answer = try await readyz(readiness)
        #expect(answer.status == 503)
        #expect(answer.body == #"{"status":"draining"}"#)
    }

    @Test("says not ready when the database cannot be written, and ready again afterwards")
    func notWritable() async throws {
        let isBroken = Mutex(true)
        let readiness = Readiness("database not writable", lifetime: .zero) {
            if isBroken.withLock({ $0 }) { throw Broken() }
        }
        let answer = try await readyz(readiness)
        #expect(answer.status == 503)
        #expect(answer.body == #"{"status":"database not writable"}"#)
        isBroken.withLock { $0 = false }
        #expect(try await readyz(readiness).status == 200)
    }

    @Test("writes to the database no more often than once in the lifetime of a response")
    func bounded() async {
        let writes = Mutex(0)
        let readiness = Readiness("database not writable", lifetime: .seconds(3600)) {
            writes.withLock { $0 += 1 }
        }
        for _ in 0..<100 { _ = await readiness.state() }
        #expect(writes.withLock { $0 } == 1)
    }

    @Test("says not ready in time when the very first write does not end", .timeLimit(.minutes(1)))
    func stuck() async {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let readiness = Readiness("database not writable", lifetime: .zero, patience: .milliseconds(20)) {
            for await _ in gate {}
        }
        #expect(await readiness.state() == .failing("database not writable"))
        open.finish()
        while await readiness.state() != .ready { await Task.yield() }
    }

    @Test("remembers nothing of an asker that has gone", .timeLimit(.minutes(1)))
    func cancelled() async {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let readiness = Readiness("database not writable", lifetime: .seconds(3600)) {
            defer { end.finish() }
            begin.finish()
            for await _ in gate {}
            try Task.checkCancellation()
        }
        let asker = Task { await readiness.state() }
        for await _ in begun {}
        asker.cancel()
        _ = await asker.value
        open.finish()
        for await _ in ended {}
        #expect(await readiness.state() == .ready)
    }

    @Test("counts what the database's writer has done, in Prometheus's format, whatever the host")
    func metrics() async throws {
        var settings = Settings()
        settings.allowedHosts = ["livetalk.example"]
        let database = try Database.testing()
        let context = ServiceContext(
            "LiveTalk", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        context.metrics = { database.counters.metrics }
        let app = App(
            settings, comments: SQLiteCommentStore(database), users: SQLiteUserStore(database),
            context: context)
        for _ in 0..<3 {
            _ = try await database.write { try $0.execute("PRAGMA application_id = 0") }
        }
        let answer = try await Client(responder: app.build()).send("GET", "/metrics", host: "10.0.0.1")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        for line in [
            "# TYPE livetalk_database_writes_total counter", "livetalk_database_writes_total 3",
            "livetalk_database_batches_total 3", "livetalk_database_write_queue_length 0",
            "# TYPE livetalk_database_wal_bytes gauge",
        ] {
            #expect(answer.body.contains(line + "\n"), "\(answer.body)")
        }
        for line in [
            "livetalk_connections 0", "livetalk_held_bytes 0", "livetalk_failed_accepts_total 0",
            "livetalk_refusals_total{status=\"431\"} 0",
        ] {
            #expect(answer.body.contains(line + "\n"), "\(answer.body)")
        }
        let values = answer.body.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(values.count == 23)
        let form = /livetalk_[a-z_]+({status="[0-9]{3}"})? [0-9.e-]+/
        #expect(values.allSatisfy { $0.wholeMatch(of: form) != nil })
    }

    @Test("tries the database's file itself")
    func database() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        let database = try Database(Database.Configuration(.file(path)))
        try database.migrate(Migration.all)
        let before = database.counters
        #expect(await Readiness(of: database).state() == .ready)
        #expect(database.counters.writes == before.writes + 1)
        #expect(database.counters.walBytes > before.walBytes)
        database.close()
        #expect(await Readiness(of: database).state() == .failing("database not writable"))
    }
}
