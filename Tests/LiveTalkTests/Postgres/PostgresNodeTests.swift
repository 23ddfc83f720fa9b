import Crane
import CranePostgres
import CraneService
import CraneWebhooks
import HTTPTypes
import Logging
import TestSupport
import Testing

@testable import LiveTalk

@Suite("LiveTalk on PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresNodeTests {
    @Test("has the whole API of the comments, as on SQLite")
    func api() async throws {
        let node = try PostgresNode(PostgresServer.shared().database())
        // Its end closes the database.
        defer { withExtendedLifetime(node) {} }
        let client = node.client
        let posted = try await client.send(
            "POST", "/comments/", json: #"{"talk_id":1,"user_ip":"::1","comment_text":"a\u0000\"b"}"#)
        #expect(posted.status == 200 && posted.body.contains(#""comment_text":"a\u0000\"b""#))
        let read = try await client.send("GET", "/comments/1")
        #expect(read.status == 200 && read.body == posted.body)
        let tag = try #require(read.headers[.eTag])
        #expect(try await client.send("GET", "/comments/1", headers: ["If-None-Match: \(tag)"]).status == 304)
        #expect(try await client.send("GET", "/comments/?talk_id=1&limit=1").body == "[\(posted.body)]")
        #expect(try await client.send("GET", "/comments/2").body == #"{"detail":"Comment not found"}"#)
        let wrong = try await client.send(
            "PUT", "/comments/1", headers: [#"If-Match: "0""#], json: #"{"comment_text":"c"}"#)
        #expect(wrong.status == 412)
        let changed = try await client.send(
            "PUT", "/comments/1", headers: ["If-Match: \(tag)"], json: #"{"comment_text":"c d"}"#)
        #expect(changed.status == 200 && changed.headers[.eTag] != tag)
        #expect(try await client.send("GET", "/search/comments?q=d").body.contains("c <mark>d</mark>"))
        #expect(try await client.send("DELETE", "/comments/1").body == #"{"message":"Comment deleted"}"#)
        #expect(try await client.send("DELETE", "/comments/1").status == 404)
        #expect(try await client.send("GET", "/readyz").status == 200)
        #expect(try await client.send("GET", "/metrics").body.contains("livetalk_database_connections"))
    }

    @Test("tells on each node what was done on another, and what was missed while one was away")
    func severalNodes() async throws {
        let url = try PostgresServer.shared().database()
        let first = try PostgresNode(url)
        let second = try PostgresNode(url)
        let id = try await first.post("one")
        let all = try await second.client.send("GET", "/talks/1/changes?after=0&wait=25").body
        #expect(all.hasPrefix(#"[{"seq":1,"prev":0,"kind":"created","at":""#) && !all.contains("user_ip"))
        async let waiting = second.client.send("GET", "/talks/1/changes?after=1&wait=25")
        let other = try await first.post("two")
        #expect(try await waiting.body.hasPrefix(#"[{"seq":2,"prev":1,"kind":"created""#))
        _ = try await second.client.send("DELETE", "/comments/\(id)")
        let third = try PostgresNode(url)
        let missed = try await third.client.send("GET", "/talks/1/changes?after=0&wait=0").body
        #expect(missed.contains(#"{"seq":1,"prev":0,"kind":"deleted""#) && !missed.contains("\"one\""))
        #expect(missed.contains(#""comment":{"id":\#(other)"#))
        #expect(missed.contains(#"{"seq":3,"prev":2,"kind":"deleted""#))
        let moderator = try await first.client.send("GET", "/talks/1/changes?role=moderator&wait=0")
        #expect(moderator.status == 403)
    }

    @Test("hears of what a node has done that tells nobody")
    func withoutNotification() async throws {
        let url = try PostgresServer.shared().database()
        let node = try PostgresNode(url)
        try await node.post("one")
        _ = try await node.client.send("GET", "/talks/1/changes?after=0&wait=25")
        async let waiting = node.client.send("GET", "/talks/1/changes?after=1&wait=25")
        let silent = PostgresClient(try PostgresConfiguration(url))
        _ = try await PostgresCommentStore(silent).insert(CommentCreate(talkID: 1, userIP: "", text: "two"))
        #expect(try await waiting.body.contains("two"))
        silent.close()
    }

    @Test("has clients load anew when changes are lost that they were told of, and when an operator says so")
    func lostChanges() async throws {
        let url = try PostgresServer.shared().database()
        let nodes = try [PostgresNode(url), PostgresNode(url)]
        try await nodes[0].post("one")
        try await nodes[0].post("two")
        func epoch() async throws -> String {
            let hello = try await nodes[0].client.send("GET", "/talks/1/changes?wait=0").body
            return String(try #require(hello.firstMatch(of: /"epoch":"(\w+)","from":2/)).1)
        }
        func wait(_ node: PostgresNode, _ epoch: String) async throws -> String {
            try await node.client.send("GET", "/talks/1/changes?after=\(epoch)-2&wait=25").body
        }
        let first = try await epoch()
        for node in nodes { _ = try await node.client.send("GET", "/talks/1/changes?after=0&wait=25") }
        async let waiting = (wait(nodes[0], first), wait(nodes[1], first))
        // What a standby that was behind makes of it: another change has the same numbers.
        let database = PostgresClient(try PostgresConfiguration(url))
        defer { database.close() }
        try await database.execute("UPDATE change SET at = at + interval '1 second' WHERE seq = 2")
        let (one, other) = try await waiting
        #expect(one.contains(#""reset":2"#) && other.contains(#""reset":2"#))
        let second = try await epoch()
        #expect(second != first)
        async let again = wait(nodes[1], second)
        try await database.execute("UPDATE feed_epoch SET epoch = 'operator'")
        #expect(try await again.contains(#""reset":2"#))
    }

    @Test("warns at the start of what SQLite warns of: the demo user, and webhooks in plain text")
    func warnings() throws {
        let context = ServiceContext(
            "LiveTalk", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var settings = Settings()
        settings.demoUser = true
        settings.webhooks = [
            try #require(WebhookEndpoint("http://hooks.example#" + WebhookSecret.random().text))
        ]
        for url in [DatabaseURL.memory, .postgres(try PostgresServer.shared().database())] {
            settings.databaseURL = url
            let service = try LiveTalkService(settings, context)
            defer { service.close() }
            let warnings = service.report(on: settings).warnings
            for part in ["the demo user with its well-known password", "without encryption"] {
                #expect(warnings.contains { $0.contains(part) }, "\(warnings)")
            }
            let quiet = service.report(on: Settings()).warnings
            #expect(!quiet.contains { $0.contains("demo user") })
        }
    }

    @Test("refuses at the start what it would do by halves")
    func refusals() throws {
        let url = try PostgresServer.shared().database()
        #expect { _ = try PostgresNode(url) { $0.broker = .embedded } } throws: { error in
            "\(error)".contains("LIVETALK_BROKER=embedded needs SQLite")
        }
        var settings = Settings()
        settings.databaseURL = .postgres(url)
        #expect(throws: OperationError.self) { try DatabaseMaintenance(settings) }
    }

    @Test("lets authors change their comments for a while, and moderators any, at whichever node they ask")
    func owners() async throws {
        let url = try PostgresServer.shared().database()
        let nodes = try [PostgresNode(url) { $0.writes = .owner }, PostgresNode(url) { $0.writes = .owner }]
        let answer = try await nodes[0].client.send(
            "POST", "/comments/", json: #"{"talk_id":1,"user_ip":"::1","comment_text":"a"}"#)
        let token = try #require(answer.headers[.commentToken])
        func put(_ text: String, _ header: String...) async throws -> Int {
            try await nodes[1].client.send(
                "PUT", "/comments/1", headers: header, json: #"{"comment_text":"\#(text)"}"#
            ).status
        }
        #expect(try await put("b") == 403)
        #expect(try await put("b", "X-Comment-Token: \(token)") == 200)
        #expect(try await put("c", "X-Comment-Token: \(token)x") == 403)
        var settings = Settings()
        settings.databaseURL = .postgres(url)
        let users = try UserAdministration(settings)
        #expect(try users.add("ada", password: "correct horse", isModerator: true) == 1)
        var shown = ""
        try users.makeToken(of: "ada", for: nil) { shown = $0 }
        #expect(try await put("c", "Authorization: Bearer \(shown)") == 200)
        try users.disable("ada")
        #expect(try await put("d", "Authorization: Bearer \(shown)") == 403)
        #expect(try UserAdministration.list(settings).map(\.isDisabled) == [true])
    }

    @Test("has its schema from the command, and says what is pending")
    func schema() throws {
        var settings = Settings()
        settings.databaseURL = .postgres(try PostgresServer.shared().database())
        let schema = DatabaseSchema(settings)
        let all = [
            "1 comments", "2 changes", "3 users", "4 copy", "5 nodes", "6 talks", "7 room", "8 jobs",
            "9 webhooks",
        ]
        #expect(try schema.status() == all.map { "\($0): pending" })
        #expect(try schema.migrate() == all)
        #expect(try schema.status() == all.map { "\($0): applied" })
        #expect(try schema.migrate().isEmpty)
    }

    @Test("divides rates by the nodes that are there")
    func nodes() async throws {
        try await withPostgres { database in
            let counts = [ServerCount(), ServerCount()]
            let nodes = counts.map { PostgresNodes(database, counting: $0) }
            for node in nodes + nodes { try await node.beat() }
            #expect(counts.map(\.value) == [2, 2])
            try await database.execute("UPDATE node SET seen_at = now() - interval '20 seconds'")
            try await nodes[0].beat()
            #expect(counts.map(\.value) == [1, 2])
            try await database.execute("UPDATE node SET seen_at = now() - interval '2 minutes'")
            try await nodes[1].beat()
            #expect(counts.map(\.value) == [1, 1])
            #expect(try await database.query("SELECT id FROM node").count == 1)
        }
    }

    @Test("never says a password")
    func passwords() throws {
        let url = "postgresql://ada:topsecret@127.0.0.1:1/talk?connect_timeout=2"
        let place = try #require(DatabaseURL(url))
        #expect("\(place)" == "postgresql://127.0.0.1:1/talk")
        #expect(DatabaseURL("postgresql://ada:topsecret@[::1/talk") == nil)
        #expect { _ = try PostgresNode(url) } throws: { !"\($0)".contains("topsecret") }
    }
}
