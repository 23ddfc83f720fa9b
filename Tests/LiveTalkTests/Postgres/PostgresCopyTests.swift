import Crane
import CranePasswords
import CranePostgres
import CraneSQLite
import CraneSchema
import CraneService
import Foundation
import Logging
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Copying an SQLite file into PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresCopyTests {
    struct Interruption: Error {}

    /// LiveTalk on a new SQLite file, filled by `fill` and closed; what it answered, and the file's URL.
    func file<Value>(
        _ change: (inout Settings) -> Void = { _ in },
        _ fill: (Client, LiveTalkApp) async throws -> Value
    ) async throws -> (Value, DatabaseURL) {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        var settings = Settings()
        settings.databaseURL = .file(path)
        settings.controlSocket = .off
        change(&settings)
        let context = ServiceContext(
            "LiveTalk", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let live = try LiveTalkApp(settings, context)
        defer { live.close() }
        let client = Client(responder: live.responder(for: settings, in: context))
        return (try await fill(client, live), settings.databaseURL)
    }

    @discardableResult
    func post(
        _ client: Client, _ text: String, talk: Int = 1, key: String? = nil
    ) async throws -> Client.Answer {
        try await client.send(
            "POST", "/comments/", headers: key.map { ["Idempotency-Key: \"\($0)\""] } ?? [],
            json: #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"\#(text)"}"#)
    }

    /// All that a client may ask of comments, their search and their feed.
    private func answers(_ client: Client) async throws -> [String] {
        var bodies: [String] = []
        for target in [
            "/comments/?limit=100", "/comments/?user_ip=::1&limit=5", "/search/comments?q=caf%C3%A9",
            "/talks/1/changes?after=0&wait=0", "/talks/2/changes?after=1&wait=0", "/talks/1/changes?wait=0",
        ] {
            bodies.append(try await client.send("GET", target).body)
        }
        return bodies
    }

    @Test(
        "all is as it was: comments, keys, users and their tokens, the numbers of the feed, and the ids to come"
    )
    func whole() async throws {
        let ((before, keyed, token), source) = try await file { client, live in
            for number in 1...20 { _ = try await post(client, "comment \(number)", talk: number % 2 + 1) }
            _ = try await post(client, #"a\u0000b café"#)
            let keyed = try await post(client, "with a key", key: "k")
            _ = try await client.send("PUT", "/comments/3", json: #"{"comment_text":"changed"}"#)
            _ = try await post(client, "the last one, which goes")
            for id in [4, 23] { _ = try await client.send("DELETE", "/comments/\(id)") }
            let users = UserAdministration(live.users)
            _ = try users.add("caf\u{E9}", password: "correct horse", isModerator: true)
            _ = try users.add("eve", password: "correct horse")
            var token = ""
            try users.makeToken(of: "caf\u{E9}", for: nil) { token = $0 }
            try users.disable("eve")
            return (try await answers(client), keyed, token)
        }
        let url = try PostgresServer.shared().database()
        let copy = try DatabaseCopy(from: source, to: .postgres(url))
        var shown: [Int] = []
        let outcome = try copy.run(leavingTasks: false) { done, total in shown += [done, total] }
        #expect(outcome.comments == 21 && outcome.users == 2)
        #expect(shown == [21, 21])
        let node = try PostgresNode(url)
        let client = node.client
        #expect(try await answers(client) == before)
        let again = try await post(client, "with a key", key: "k")
        #expect(again.status == 200 && again.body == keyed.body)
        #expect(try await post(client, "another", key: "k").status == 422)
        #expect(try await post(client, "the next one").body.contains(#""id":24,"#))
        let me = try await client.send("GET", "/auth/me", headers: ["Authorization: Bearer \(token)"])
        #expect(me.body == #"{"id":1,"name":"café"}"#)
        var settings = Settings()
        settings.databaseURL = .postgres(url)
        #expect(try UserAdministration.list(settings).map(\.isDisabled) == [false, true])
        #expect(try UserAdministration(settings).add("new", password: "x") == 3)
        // Once is enough.
        #expect(throws: OperationError.self) { try copy.run(leavingTasks: false) { _, _ in } }
        withExtendedLifetime(node) {}
    }

    @Test("goes on where it was interrupted; no node starts on a part, and no changed file is mixed with it")
    func interrupted() async throws {
        let (before, source) = try await file { client, _ in
            for number in 1...10 { _ = try await post(client, "comment \(number)") }
            return try await answers(client)
        }
        let url = try PostgresServer.shared().database()
        func copy(upTo bound: Int) throws -> DatabaseCopy.Outcome {
            let database = try Database(Database.Configuration(.file(try #require(source.path))))
            defer { database.close() }
            let configuration = try PostgresConfiguration(url)
            try configuration.migrate(PostgresMigration.liveTalk)
            let session = try PostgresBlockingSession(configuration)
            return try PostgresCopy(source: database, session: session, rows: 3).run(leavingTasks: false) {
                done, _ in if done > bound { throw Interruption() }
            }
        }
        #expect(throws: Interruption.self) { try copy(upTo: 0) }
        #expect(throws: Interruption.self) { try copy(upTo: 5) }
        #expect { _ = try PostgresNode(url) } throws: { "\($0)".contains("has not ended") }
        #expect(try copy(upTo: 10).comments == 10)
        let node = try PostgresNode(url)
        #expect(try await answers(node.client) == before)
        withExtendedLifetime(node) {}
    }

    @Test("refuses a file that was changed since it began, and a database that is not empty")
    func refusals() async throws {
        let (_, source) = try await file { client, _ in try await post(client, "one") }
        let url = try PostgresServer.shared().database()
        let copy = try DatabaseCopy(from: source, to: .postgres(url))
        #expect(throws: OperationError.self) {
            try copy.run(leavingTasks: false) { _, _ in throw Interruption() }
        }
        let database = try Database(Database.Configuration(.file(try #require(source.path))))
        _ = try await SQLiteCommentStore(database).insert(CommentCreate(talkID: 1, userIP: "", text: "two"))
        // While a service has it, too.
        #expect { _ = try copy.run(leavingTasks: false) { _, _ in } } throws: { "\($0)".contains("in use") }
        database.close()
        #expect { _ = try copy.run(leavingTasks: false) { _, _ in } } throws: { "\($0)".contains("changed") }
        let used = try PostgresServer.shared().database()
        try await PostgresNode(used).post("one")
        let other = try DatabaseCopy(from: source, to: .postgres(used))
        #expect { _ = try other.run(leavingTasks: false) { _, _ in } } throws: {
            "\($0)".contains("not empty")
        }
        #expect(throws: OperationError.self) { try DatabaseCopy(from: .memory, to: .postgres(used)) }
        #expect(throws: OperationError.self) { try DatabaseCopy(from: source, to: source) }
        #expect(throws: OperationError.self) {
            try DatabaseCopy(from: .file("/nowhere/at all.db"), to: .postgres(used))
        }
    }

    @Test("takes talks along, with votes, what moderators have made of comments, and what is held back")
    func talks() async throws {
        let moderator = "Authorization: Bearer moderator-token"
        let voter = "X-Voter-Token: voter-number-100001"
        func answers(_ client: Client) async throws -> [String] {
            var bodies: [String] = []
            for target in [
                "/talks/", "/talks/1/comments", "/talks/1/comments?sort=top",
                "/talks/1/comments?state=hidden",
                "/talks/1/comments?state=waiting", "/talks/1/words", "/talks/1/export", "/talks/1/feed.atom",
                "/talks/1/changes?after=0&wait=0", "/talks/1/changes?after=0&wait=0&role=moderator",
                "/talks/1/changes?wait=0",
            ] {
                bodies.append(try await client.send("GET", target, headers: [moderator, voter]).body)
            }
            return bodies
        }
        let (before, source) = try await file { client, live in
            let ada = try #require(try live.users.add("ada", PasswordHash(text: "none"), isModerator: true))
            try live.users.keepWaiting("moderator-token", of: ada, for: nil)
            func send(_ method: String, _ target: String, _ json: String) async throws {
                let answer = try await client.send(method, target, headers: [moderator, voter], json: json)
                try #require(answer.status < 300, "\(answer)")
            }
            try await send("POST", "/talks/", #"{"slug":"swift","title":"A \u0000 talk","speaker":"Ida"}"#)
            try await send("PUT", "/talks/1/words", #"{"words":["spam","Über"]}"#)
            for text in ["one", "two", "three", "spam", "four"] { _ = try await post(client, text) }
            try await client.vote(2, as: voter)
            try await send("PUT", "/comments/2/state", #"{"stage":"now","pinned":true,"answer":"Yes"}"#)
            try await send("PUT", "/comments/3/state", #"{"state":"hidden"}"#)
            _ = try await client.send(
                "POST", "/comments/", headers: ["X-Voter-Token: somebody-who-is-rude"],
                json: #"{"talk_id":1,"user_ip":"::1","comment_text":"rude"}"#)
            try await send("PUT", "/comments/6/block", #"{"seconds":86400}"#)
            return try await answers(client)
        }
        let url = try PostgresServer.shared().database()
        let outcome = try DatabaseCopy(from: source, to: .postgres(url)).run(leavingTasks: false) { _, _ in }
        #expect((outcome.comments, outcome.talks, outcome.users) == (4, 1, 1))
        let node = try PostgresNode(url)
        let after = try await answers(node.client)
        for (one, other) in zip(before, after) { #expect(one == other) }
        // Votes, blocks and counts go on from there.
        #expect(try await node.client.vote(2, as: voter).body == #"{"votes":1}"#)
        #expect(
            try await node.client.vote(2, as: "X-Voter-Token: voter-number-100002").body == #"{"votes":2}"#)
        #expect(try await node.client.vote(1, as: "X-Voter-Token: somebody-who-is-rude").status == 403)
        #expect(try await node.post("spam") == 7)
        #expect(try await node.client.send("GET", "/comments/7").status == 404)
        let talk = try await node.client.send("GET", "/talks/1").body
        #expect(talk.contains(#""comments":4,"waiting":2,"hidden":1"#))
        withExtendedLifetime(node) {}
    }
}

extension Client {
    @discardableResult
    fileprivate func vote(_ id: Int, as voter: String) async throws -> Answer {
        try await send("PUT", "/comments/\(id)/vote", headers: [voter])
    }
}
