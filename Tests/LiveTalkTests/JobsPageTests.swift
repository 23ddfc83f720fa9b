import CraneJobs
import CraneSQLite
import CraneSchema
import HTTPTypes
import Logging
import Testing

@testable import LiveTalk

@Suite("The page of the jobs")
struct JobsPageTests {
    private struct Call: SchemaRepresentable {
        let to: String

        static let schema = Object(Call.init) {
            Field("to", \.to)
        }
    }

    private let room: Room
    private let cookie: String
    private let waiting: Int
    private let dead: Int

    /// A room with a dead job and one that waits for an hour.
    init() async throws {
        room = try Room()
        cookie = "Cookie: \(ModeratorSession.cookie)=moderator-token"
        let jobs = Jobs(
            SQLiteJobStore(room.database), logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let call = jobs.task("call", input: Call.self, queue: "upkeep") { _, _ in
            throw JobFailure.giveUp("<i>no line</i>")
        }
        try jobs.start()
        dead = try await call.enqueue(Call(to: "<b>ada</b>"))
        waiting = try await call.enqueue(Call(to: "bob"), delay: .seconds(3600))
        await jobs.waitUntilIdle()
        await jobs.stop()
    }

    private func get(_ target: String = "/jobs", _ headers: [String] = []) async throws -> Client.Answer {
        try await room.send("GET", target, nil, [cookie] + headers)
    }

    private func post(
        _ form: String, to target: String = "/jobs", _ headers: [String] = ["Sec-Fetch-Site: same-origin"]
    ) async throws -> Client.Answer {
        try await room.client.send(
            "POST", target, headers: [cookie, "Content-Type: application/x-www-form-urlencoded"] + headers,
            body: Array(form.utf8))
    }

    private func state(of id: Int) throws -> Job.State? {
        try room.database.read { try $0.find(Job.self, id) }?.state
    }

    /// How many rows the table has.
    private func rows(_ answer: Client.Answer) -> Int { answer.body.ranges(of: "<tr><td>").count }

    @Test("asks strangers for a moderator's name and password, and shows and does nothing")
    func strangers() async throws {
        for headers in [[], [room.user], ["Cookie: \(ModeratorSession.cookie)=user-token"]] {
            let page = try await room.send("GET", "/jobs?job=\(dead)", nil, headers)
            #expect((page.status, page.headers[.cacheControl]) == (200, "no-store"))
            #expect(page.body.contains("<form class=\"login\"") && !page.body.contains("upkeep"))
            #expect(page.body.contains("action=\"/jobs?job=\(dead)\""))
            let act = try await room.client.send(
                "POST", "/jobs", headers: headers + ["Content-Type: application/x-www-form-urlencoded"],
                body: Array("act=cancel&id=\(waiting)".utf8))
            #expect(act.status == 403)
        }
        #expect(try await post("act=cancel&id=\(waiting)", ["Sec-Fetch-Site: cross-site"]).status == 403)
        #expect(try state(of: waiting) == .waiting)
    }

    @Test("shows what there is, filtered and searched, with text that stays text")
    func list() async throws {
        let all = try await get()
        #expect(all.status == 200 && rows(all) == 2)
        #expect(all.headers[.contentSecurityPolicy]?.contains("require-trusted-types-for 'script'") == true)
        #expect(all.body.contains("&lt;b&gt;ada&lt;/b&gt;") && !all.body.contains("<b>ada"))
        #expect(all.body.contains("<rect ") && all.body.contains("0 of 20") && all.body.contains("1 of 20"))
        #expect(try await rows(get("/jobs?state=dead")) == 1)
        #expect(try await rows(get("/jobs?state=waiting&q=bob")) == 1)
        #expect(try await rows(get("/jobs?q=no+line")) == 1)
        #expect(try await rows(get("/jobs?q=")) == 2)
        let none = try await get("/jobs?state=done&q=%22%3E%3Ci%3E")
        #expect(rows(none) == 0 && none.body.contains("No job is like this."))
        #expect(!none.body.contains("\"><i>"))
        #expect(try await rows(get("/jobs?before=\(waiting)")) == 1)
        #expect(try await get("/jobs?state=lost").status == 422)
        #expect(try await get("/jobs?lang=de").body.contains("Wartend"))
    }

    @Test("shows one job with its history and error")
    func one() async throws {
        let page = try await get("/jobs?state=dead&job=\(dead)").body
        #expect(page.contains("role=\"dialog\" aria-label=\"call \(dead)\""))
        #expect(page.contains("&lt;i&gt;no line&lt;/i&gt;") && !page.contains("<i>no line"))
        #expect(page.contains("<p class=\"attempt\"><b>1</b>"))
        #expect(page.contains("class=\"link close\" href=\"/jobs?state=dead\""))
        let missing = try await get("/jobs?job=99").body
        #expect(missing.contains("There is no such job any more.") && !missing.contains("role=\"dialog\""))
    }

    @Test("retries and cancels by forms, and says what is not possible any more")
    func acts() async throws {
        let retried = try await post("act=retry&id=\(dead)", to: "/jobs?state=dead&q=a%26b")
        #expect((retried.status, retried.headers[.location]) == (303, "/jobs?state=dead&q=a%26b"))
        #expect(try state(of: dead) == .waiting)
        #expect(try await post("act=cancel&id=\(waiting)").status == 303)
        #expect(try state(of: waiting) == .cancelled)
        let late = try await post("act=cancel&id=\(waiting)")
        #expect(late.status == 409 && late.body.contains("cannot be done with job \(waiting)"))
        let missing = try await post("act=cancel&id=99")
        #expect(missing.status == 404 && missing.body.contains("There is no such job any more."))
        #expect(try await post("act=burn&id=\(dead)").status == 422)
    }

    @Test("is the same as long as nothing happens, and says so")
    func tags() async throws {
        let first = try await get()
        let tag = try #require(first.headers[.eTag])
        #expect(try await get("/jobs", ["If-None-Match: \(tag)"]).status == 304)
        #expect(try await post("act=cancel&id=\(waiting)").status == 303)
        #expect(try await get("/jobs", ["If-None-Match: \(tag)"]).status == 200)
    }

    @Test("shows Celery's tasks beside them")
    func celery() async throws {
        #expect(try await !get().body.contains("Celery’s tasks"))
        try room.database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO celery_message (id, queue, place, body, tag, task, task_id, is_transient, created_at)
                VALUES (1, '0/celery', 1, x'', 't', 'tasks.<i>', 'a-b', 0, 0);
                INSERT INTO celery_key (name, kind, value)
                VALUES ('0/celery-task-meta-c-d', 1, '{"status":"SUCCESS","result":"<i>"}');
                """)
        }
        let page = try await get().body
        #expect(page.contains("Celery’s tasks") && page.contains("tasks.&lt;i&gt;") && page.contains("c-d"))
        #expect(!page.contains("<i>"))
        let done = try await get("/jobs?state=done").body
        #expect(done.contains("c-d") && !done.contains("a-b"))
    }

    @Test("has older jobs on further pages")
    func pages() async throws {
        try room.database.transaction { connection in
            try connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
                INSERT INTO job (task, queue, priority, run_at, attempts, input, limit_key, created_at)
                SELECT 'many', 'many', 0, 4000000000000000, 3, '{}', '', 0 FROM n
                """)
        }
        let first = try await get()
        #expect(rows(first) == JobsPage.length)
        let older = try #require(first.body.firstMatch(of: /href="(\/jobs\?before=\d+)">Older/)?.1)
        let second = try await get(String(older))
        #expect(rows(second) == 12 && !second.body.contains(">Older"))
    }
}
