import CraneJobs
import CraneSQLite
import CraneSchema
import Logging
import Testing

@testable import LiveTalk

@Suite("Jobs of the service")
struct JobTests {
    /// A room with two jobs: one that waits for an hour, and a dead one.
    private func roomWithJobs() async throws -> (room: Room, waiting: Int, dead: Int) {
        let room = try Room()
        let jobs = Jobs(
            SQLiteJobStore(room.database), logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let call = jobs.task("call", queue: "upkeep") { _ in throw JobFailure.giveUp("no line") }
        try jobs.start()
        let dead = try await call.enqueue()
        let waiting = try await call.enqueue(delay: .seconds(3600))
        await jobs.waitUntilIdle()
        await jobs.stop()
        return (room, waiting, dead)
    }

    private func ids(_ answer: Client.Answer) throws -> [Int] {
        try [Job].schema.decode(Array(answer.body.utf8)).map(\.id)
    }

    @Test("are read, retried and cancelled by moderators")
    func routes() async throws {
        let (room, waiting, dead) = try await roomWithJobs()
        func get(_ target: String) async throws -> Client.Answer {
            try await room.send("GET", target, nil, [room.moderator])
        }
        #expect(try ids(await get("/jobs/")) == [waiting, dead])
        #expect(try ids(await get("/jobs/?state=dead&q=no%20line&task=call&queue=upkeep")) == [dead])
        #expect(try ids(await get("/jobs/?before=\(waiting)&limit=1")) == [dead])
        #expect(try ids(await get("/jobs/?q=nothing")) == [])
        #expect(try await get("/jobs/?state=lost").status == 422)
        #expect(try await get("/jobs/?limit=101").status == 422)
        let job = try Job.schema.decode(Array(await get("/jobs/\(dead)").body.utf8))
        #expect(job.failures.map(\.error) == ["no line"])
        let summary = try JobSummary.schema.decode(Array(await get("/jobs/summary").body.utf8))
        #expect((summary.counts.due, summary.counts.later, summary.counts.dead) == (0, 1, 1))
        let retried = try await room.send("POST", "/jobs/\(dead)/retry", nil, [room.moderator])
        #expect(try Job.schema.decode(Array(retried.body.utf8)).state == .waiting)
        let again = try await room.send("POST", "/jobs/\(dead)/retry", nil, [room.moderator])
        #expect((again.status, again.body) == (409, #"{"detail":"the job is waiting"}"#))
        let cancelled = try await room.send("POST", "/jobs/\(waiting)/cancel", nil, [room.moderator])
        #expect(try Job.schema.decode(Array(cancelled.body.utf8)).state == .cancelled)
        for (method, target) in [
            ("GET", "/jobs/99"), ("POST", "/jobs/99/retry"), ("POST", "/jobs/99/cancel"),
        ] {
            let answer = try await room.send(method, target, nil, [room.moderator])
            #expect((answer.status, answer.body) == (404, #"{"detail":"Job not found"}"#))
        }
    }

    @Test("wait where a moderator has paused their queue, or all")
    func pauses() async throws {
        let room = try Room()
        for queue in ["upkeep", "*"] {
            let paused = try await room.send(
                "PUT", "/jobs/queues/\(queue)", #"{"is_paused":true}"#, [room.moderator])
            #expect((paused.status, paused.body) == (200, #"{"is_paused":true}"#))
        }
        func paused() async throws -> [String] {
            let answer = try await room.send("GET", "/jobs/summary", nil, [room.moderator])
            return try JobSummary.schema.decode(Array(answer.body.utf8)).queues.filter(\.isPaused).map(\.name)
        }
        #expect(try await paused() == ["*", "upkeep"])
        _ = try await room.send("PUT", "/jobs/queues/*", #"{"is_paused":false}"#, [room.moderator])
        #expect(try await paused() == [])
        let missing = try await room.send(
            "PUT", "/jobs/queues/none", #"{"is_paused":true}"#, [room.moderator])
        #expect((missing.status, missing.body) == (404, #"{"detail":"Queue not found"}"#))
    }

    @Test("are nobody else's to see")
    func moderatorsOnly() async throws {
        let (room, waiting, _) = try await roomWithJobs()
        for (method, target, body) in [
            ("GET", "/jobs/", nil), ("GET", "/jobs/summary", nil), ("GET", "/jobs/\(waiting)", nil),
            ("POST", "/jobs/\(waiting)/retry", nil), ("POST", "/jobs/\(waiting)/cancel", nil),
            ("PUT", "/jobs/queues/upkeep", #"{"is_paused":true}"#),
        ] {
            #expect(try await room.send(method, target, body).status == 403)
            #expect(try await room.send(method, target, body, ["Authorization: Bearer x"]).status == 401)
            #expect(try await room.send(method, target, body, [room.user]).status == 403)
        }
    }

    @Test("remove what has expired, some at a time, and nothing else")
    func removesExpired() async throws {
        let room = try Room()
        let now = Timestamp(microseconds: 2_000_000_000_000_000)
        try room.database.transaction { connection in
            try connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                INSERT INTO comment_key (key, comment_id, digest, created_at)
                SELECT 'k' || i, i, x'00', \(now.microseconds) - 90000000000 * (i <= 1200) FROM n;
                INSERT INTO token (hash, user_id, created_at, expires_at) VALUES
                    (x'01', 1, 0, \(now.microseconds)), (x'02', 1, 0, \(now.microseconds + 1)), (x'03', 1, 0, NULL);
                INSERT INTO block VALUES (x'01', \(now.microseconds - 1)), (x'02', \(now.microseconds + 1));
                """)
        }
        func count(_ table: String) throws -> Int {
            try room.database.read { connection in
                let row = try connection.prepare("SELECT count(*) AS count FROM \(table)" as String)
                return try row.step() ? row.int("count") : 0
            }
        }
        let tokens = try count("token")
        #expect(try room.database.transaction { try Expired.remove(at: now, $0) })
        #expect(try count("comment_key") == 500)
        #expect(try room.database.transaction { try Expired.remove(at: now, $0) } == false)
        #expect(try count("comment_key") == 300)
        #expect(try count("token") == tokens - 1)
        #expect(try count("block") == 1)
    }
}
