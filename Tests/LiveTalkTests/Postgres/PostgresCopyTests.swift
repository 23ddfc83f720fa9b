import Crane
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
    private struct Interruption: Error {}

    /// LiveTalk on a new SQLite file, filled by `fill` and closed; what it answered, and the file's URL.
    private func file<Value>(_ fill: (Client, LiveTalkApp) async throws -> Value) async throws -> (
        Value, DatabaseURL
    ) {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        var settings = Settings()
        settings.databaseURL = .file(path)
        settings.controlSocket = .off
        let context = ServiceContext(
            "LiveTalk", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let live = try LiveTalkApp(settings, context)
        defer { live.close() }
        let client = Client(responder: live.responder(for: settings, in: context))
        return (try await fill(client, live), settings.databaseURL)
    }

    private func post(
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
        let outcome = try copy.run(leavingTalks: false) { done, total in shown += [done, total] }
        #expect(outcome.comments == 21 && outcome.users == 2 && outcome.hasLog)
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
        #expect(throws: OperationError.self) { try copy.run(leavingTalks: false) { _, _ in } }
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
            return try PostgresCopy(source: database, session: session, rows: 3).run(leavingTalks: false) {
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
            try copy.run(leavingTalks: false) { _, _ in throw Interruption() }
        }
        let database = try Database(Database.Configuration(.file(try #require(source.path))))
        _ = try await SQLiteCommentStore(database).insert(CommentCreate(talkID: 1, userIP: "", text: "two"))
        // While a service has it, too.
        #expect { _ = try copy.run(leavingTalks: false) { _, _ in } } throws: { "\($0)".contains("in use") }
        database.close()
        #expect { _ = try copy.run(leavingTalks: false) { _, _ in } } throws: { "\($0)".contains("changed") }
        let used = try PostgresServer.shared().database()
        try await PostgresNode(used).post("one")
        let other = try DatabaseCopy(from: source, to: .postgres(used))
        #expect { _ = try other.run(leavingTalks: false) { _, _ in } } throws: {
            "\($0)".contains("not empty")
        }
        #expect(throws: OperationError.self) { try DatabaseCopy(from: .memory, to: .postgres(used)) }
        #expect(throws: OperationError.self) { try DatabaseCopy(from: source, to: source) }
        #expect(throws: OperationError.self) {
            try DatabaseCopy(from: .file("/nowhere/at all.db"), to: .postgres(used))
        }
    }

    @Test("leaves talks only where that is said, and has the feed begin anew then")
    func talks() async throws {
        let ((), source) = try await file { client, live in
            let talks = SQLiteTalkStore(live.database, ChangeLog())
            _ = try await talks.add(
                TalkCreate(
                    id: nil, slug: "a-talk", title: "A talk", speaker: nil, startsAt: nil, moderation: .after)
            )
            _ = try await post(client, "one")
        }
        let url = try PostgresServer.shared().database()
        let copy = try DatabaseCopy(from: source, to: .postgres(url))
        #expect { _ = try copy.run(leavingTalks: false) { _, _ in } } throws: { "\($0)".contains("1 talks") }
        let outcome = try copy.run(leavingTalks: true) { _, _ in }
        #expect(outcome.comments == 1 && !outcome.hasLog)
        let node = try PostgresNode(url)
        #expect(try await node.client.send("GET", "/comments/1").status == 200)
        withExtendedLifetime(node) {}
    }
}
