import Crane
import CraneJobs
import CranePasswords
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import CraneWebhooks
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

/// A server that webhooks are sent to, which answers as a test says.
final class WebhookReceiver: Sendable {
    let secret = WebhookSecret.random()
    let webhooks = Journal<Webhook>()
    private let transport: LiveTransport

    /// - Parameter answer: the status for the so-manieth message, from 1.
    init(_ answer: @escaping @Sendable (Int) -> HTTPError? = { _ in nil }) throws {
        var app = App(title: "Receiver")
        app.post("/hook", SignedWebhook(secret)) { [webhooks] webhook in
            webhooks.note(webhook)
            if let error = answer(webhooks.entries.count) { throw error }
        }
        transport = try LiveTransport(app.build())
    }

    func close() async throws { try await transport.close() }

    /// The value of `LIVETALK_WEBHOOKS`.
    var setting: String { "http://127.0.0.1:\(transport.port)/hook#\(secret.text)" }

    /// Type and data of what has come so far, and the ids.
    func messages() throws -> [(id: String, type: String, data: JSONValue)] {
        try webhooks.entries.map { webhook in
            let body = try webhook.json()
            return (webhook.id, body["type"]?.text ?? "", body["data"] ?? .null)
        }
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

@Suite("Webhooks of the talks", .timeLimit(.minutes(2)))
struct WebhookTests {
    private func talk(_ receivers: WebhookReceiver..., networks: [String] = ["127.0.0.0/8"]) throws -> (
        talk: ServedTalk, client: Client
    ) {
        var settings = Settings()
        settings.databaseURL = .memory
        settings.webhooks = try receivers.map { try #require(WebhookEndpoint($0.setting)) }
        settings.webhookNetworks = networks
        let talk = try ServedTalk(settings, log: .standardError())
        let users = talk.app.users
        let ada = try #require(try users.add("ada", PasswordHash(text: "none"), isModerator: true))
        try users.keepWaiting("moderator-token", of: ada, for: nil)
        return (talk, Client(responder: talk.responder))
    }

    private let moderator = "Authorization: Bearer moderator-token"

    private func post(_ text: String, _ client: Client) async throws -> Int {
        let answer = try await client.send(
            "POST", "/comments/", json: #"{"talk_id":1,"user_ip":"::1","comment_text":"\#(text)"}"#)
        return try #require(answer.body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) })
    }

    private func jobs(_ talk: ServedTalk) throws -> [Job] {
        try talk.app.database.read { connection in
            try SQLiteJobStore.jobs(JobQuery(task: "webhook"), connection)
        }
    }

    @Test("tell each receiver of every change of a comment, with an id of epoch, talk and number")
    func everyChange() async throws {
        let (first, second) = (try WebhookReceiver(), try WebhookReceiver())
        let (talk, client) = try talk(first, second)
        let id = try await post("one", client)
        let put = try await client.send("PUT", "/comments/\(id)", json: #"{"comment_text":"two"}"#)
        #expect(put.status == 200)
        try await first.webhooks.wait(forCount: 2)
        _ = try await client.send("DELETE", "/comments/\(id)")
        for receiver in [first, second] {
            try await receiver.webhooks.wait(forCount: 3)
            let messages = try receiver.messages()
            #expect(Set(messages.map(\.type)) == ["comment.created", "comment.updated", "comment.deleted"])
            let epoch = try talk.app.database.read { try FeedEpoch.current($0) }
            #expect(Set(messages.map(\.id)) == ["\(epoch)-1-1", "\(epoch)-1-2", "\(epoch)-1-3"])
            let deleted = try #require(messages.first { $0.type == "comment.deleted" })
            #expect(deleted.data == ["talk_id": 1, "seq": 3, "id": .integer(id)])
        }
        let second1 = try #require(try second.messages().first { $0.type == "comment.updated" })
        #expect(second1.data["comment"]?["comment_text"] == "two")
        await talk.app.jobs.waitUntilIdle()
        #expect(try jobs(talk).map(\.state) == Array(repeating: .done, count: 6))
        talk.close()
        try await first.close()
        try await second.close()
    }

    @Test("say nothing of what was hidden before they are sent, nor of what waits")
    func hidden() async throws {
        let receiver = try WebhookReceiver()
        let (talk, client) = try talk(receiver)
        try await talk.app.jobs.pause("webhooks")
        let id = try await post("secret", client)
        let hidden = try await client.send(
            "PUT", "/comments/\(id)/state", headers: [moderator], json: #"{"state":"hidden"}"#)
        #expect(hidden.status == 200)
        // A change of what is hidden is nobody's to know.
        _ = try await client.send(
            "PUT", "/comments/\(id)", headers: [moderator], json: #"{"comment_text":"secret too"}"#)
        #expect(try jobs(talk).count == 2)
        try await talk.app.jobs.resume("webhooks")
        try await receiver.webhooks.wait(forCount: 2)
        await talk.app.jobs.waitUntilIdle()
        #expect(try receiver.messages().map(\.type) == ["comment.hidden", "comment.hidden"])
        for webhook in receiver.webhooks.entries {
            #expect(!String(decoding: webhook.body, as: UTF8.self).contains("secret"))
        }
        for job in try jobs(talk) {
            #expect(!String(decoding: JSONValue.schema.encode(job.input), as: UTF8.self).contains("secret"))
        }
        talk.close()
        try await receiver.close()
    }

    @Test("are sent again with the same id until the receiver takes them")
    func retries() async throws {
        let receiver = try WebhookReceiver { $0 < 3 ? HTTPError(.internalServerError, "no") : nil }
        let (talk, client) = try talk(receiver)
        _ = try await post("one", client)
        for count in 1...2 {
            try await receiver.webhooks.wait(forCount: count)
            await talk.app.jobs.waitUntilIdle()
            await talk.app.jobs.skip(.seconds(60))
        }
        try await receiver.webhooks.wait(forCount: 3)
        await talk.app.jobs.waitUntilIdle()
        #expect(Set(try receiver.messages().map(\.id)).count == 1)
        let job = try #require(try jobs(talk).first)
        #expect((job.state, job.attempt) == (.done, 3))
        #expect(job.failures.allSatisfy { $0.error.hasSuffix(": 500 (unexpectedStatus)") })
        talk.close()
        try await receiver.close()
    }

    @Test("end with a receiver that is gone, and leave the others be")
    func gone() async throws {
        let gone = try WebhookReceiver { _ in HTTPError(.gone, "no more") }
        let here = try WebhookReceiver()
        let (talk, client) = try talk(gone, here)
        _ = try await post("one", client)
        await talk.app.jobs.waitUntilIdle()
        _ = try await post("two", client)
        try await here.webhooks.wait(forCount: 2)
        await talk.app.jobs.waitUntilIdle()
        #expect(gone.webhooks.entries.count == 1)
        #expect(try jobs(talk).map(\.state) == [.done, .done, .dead])
        talk.close()
        try await gone.close()
        try await here.close()
    }

    @Test("go to no private address that was not allowed")
    func privateAddresses() async throws {
        let receiver = try WebhookReceiver()
        let (talk, client) = try talk(receiver, networks: [])
        _ = try await post("one", client)
        await talk.app.jobs.waitUntilIdle()
        #expect(try jobs(talk).first?.failures.first?.error.hasSuffix("(addressRefused)") == true)
        #expect(receiver.webhooks.entries.isEmpty)
        talk.close()
        try await receiver.close()
    }

    @Test("leave no job where nobody is to be told")
    func none() async throws {
        let (talk, client) = try talk()
        _ = try await post("one", client)
        #expect(try jobs(talk).isEmpty)
        talk.close()
    }

    @Test("are configured by URLs with secrets, which no message shows")
    func settings() throws {
        let secret = WebhookSecret.random().text
        let settings = try Settings(environment: [
            "LIVETALK_WEBHOOKS": "https://a.example/x#\(secret), http://b.example#\(secret)",
            "LIVETALK_WEBHOOK_NETWORKS": "10.1.0.0/16,::1",
        ])
        #expect(settings.webhooks.map(\.url) == ["https://a.example/x", "http://b.example"])
        #expect(settings.webhookNetworks == ["10.1.0.0/16", "::1"])
        let many = (0..<17).map { "https://h\($0).example/#\(secret)" }.joined(separator: ",")
        for value in ["https://a.example", "https://a#\(secret),https://a#\(secret)", many, "a#\(secret)"] {
            let error = #expect(throws: SettingsError.self) {
                _ = try Settings(environment: ["LIVETALK_WEBHOOKS": value])
            }
            #expect(error?.description.contains(secret.dropFirst(6)) == false)
        }
        #expect(throws: SettingsError.self) {
            try Settings(environment: ["LIVETALK_WEBHOOK_NETWORKS": "10.1.0.0/99"])
        }
    }
}

@Suite("Webhooks of a service that is killed", .ownThreads, .timeLimit(.minutes(3)))
struct WebhookCrashTests {
    private func run(_ arguments: [String], in database: String) throws -> CommandProcess.Outcome {
        try CommandProcess(arguments + ["--database-url", "sqlite:///\(database)"]).outcome()
    }

    @Test("are sent by the next start: those that were committed, and those that were under way")
    func kill() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = folder.appending(path: "hooks.db").path
        // The first message is answered never, so that the service is killed while it sends.
        let heads = Journal<String>()
        let upstream = try RawUpstream { connection in
            heads.note(connection.readHead())
            if heads.entries.count == 1 { return connection.waitForEnd() }
            connection.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        }
        let environment = [
            "LIVETALK_WEBHOOKS": upstream.url("/hook") + "#" + WebhookSecret.random().text,
            "LIVETALK_WEBHOOK_NETWORKS": "127.0.0.0/8",
        ]
        func start() throws -> (CommandProcess, UInt16) {
            let service = try CommandProcess(
                ["serve", "--port", "0", "--database-url", "sqlite:///\(database)"], environment: environment)
            return (service, try service.port())
        }
        func post(to port: UInt16) async throws {
            let body = Array(#"{"talk_id":1,"user_ip":"::1","comment_text":"a"}"#.utf8)
            let answer = try await TestClient(LiveTransport(port: port), host: "127.0.0.1").send(
                TestRequest(
                    .post, "/comments/", headers: [.contentType: "application/json"], body: body))
            #expect(answer.status == .ok)
        }
        func ids() -> [String] {
            heads.entries.compactMap {
                $0.firstMatch(of: /(?i)webhook-id: ([0-9a-f]{8}-1-\d+)/).map { String($0.1) }
            }
        }
        let (first, port) = try start()
        try await post(to: port)
        try await heads.wait(forCount: 1)
        // Nothing more begins: the second one is only committed.
        #expect(try run(["jobs", "pause", "webhooks"], in: database).status == 0)
        try await post(to: port)
        first.signal(SIGKILL)
        _ = first.outcome()
        #expect(ids().count == 1)
        let (second, _) = try start()
        #expect(try run(["jobs", "resume", "webhooks"], in: database).status == 0)
        try await heads.wait(forCount: 3)
        second.signal(SIGTERM)
        #expect(second.outcome().status == 0)
        #expect(ids().filter { $0 == ids().first }.count == 2)
        #expect(Set(ids()).count == 2)
        let list = try run(["jobs", "list", "--task", "webhook"], in: database).output
        #expect(list.split(separator: "\n").map { $0.split(separator: "\t")[1] } == ["done", "done"])
        let shown = try run(["jobs", "show", "1"], in: database).output
        #expect(shown.contains("\nattempt: 2 of 20\n") && shown.contains(#""endpoint":"http://127.0.0.1:"#))
    }
}
