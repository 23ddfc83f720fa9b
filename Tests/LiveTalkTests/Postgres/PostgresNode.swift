import CranePostgres
import CraneService
import Logging
import TestSupport

@testable import LiveTalk

/// A migrated database of the test's own, closed afterwards.
func withPostgres<Value>(_ body: (PostgresClient) async throws -> Value) async throws -> Value {
    let configuration = try PostgresConfiguration(PostgresServer.shared().database())
    try configuration.migrate(PostgresMigration.liveTalk)
    let database = PostgresClient(configuration)
    defer { database.close() }
    return try await body(database)
}

/// A post that was not answered with 200.
struct Refused: Error {
    let answer: Client.Answer
}

/// LiveTalk as one of several nodes on a database, without a socket.
final class PostgresNode: Sendable {
    let client: Client
    let url: String
    private let live: PostgresLiveTalk
    var database: PostgresClient { live.database }
    var talks: PostgresTalkStore { live.talks }
    var room: PostgresRoomStore { live.room }

    init(_ url: String, _ change: (inout Settings) -> Void = { _ in }) throws {
        self.url = url
        var settings = Settings()
        settings.databaseURL = .postgres(url)
        change(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let context = ServiceContext("LiveTalk", logger: logger)
        live = try PostgresLiveTalk(settings, context)
        client = Client(responder: live.responder(for: settings, in: context))
    }

    deinit { live.close() }

    /// Posts a comment; its id.
    @discardableResult
    func post(_ text: String, talk: Int = 1, headers: [String] = []) async throws -> Int {
        let answer = try await client.send(
            "POST", "/comments/", headers: headers,
            json: #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"\#(text)"}"#)
        guard answer.status == 200,
            let id = answer.body.firstMatch(of: /"id":(\d+)/).flatMap({ Int($0.1) })
        else { throw Refused(answer: answer) }
        return id
    }
}
