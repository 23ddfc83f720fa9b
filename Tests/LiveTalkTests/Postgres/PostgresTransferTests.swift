import Crane
import CranePostgres
import CraneService
import Foundation
import Logging
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Export, import and check of a PostgreSQL", .needsPostgres, .serialized, .timeLimit(.minutes(5)))
final class PostgresTransferTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func transfer(_ url: DatabaseURL) -> DatabaseTransfer {
        var settings = Settings()
        settings.databaseURL = url
        return DatabaseTransfer(settings)
    }

    private func export(_ url: DatabaseURL, _ scope: ExportScope, _ format: TransferFormat) throws -> String {
        let file = "\(folder.path)/\(UUID().uuidString)"
        try transfer(url).export(
            scope, to: file, as: format, continuing: false, replacing: false, progress: { _, _ in })
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    /// A room with something of everything in it; its URL.
    private func filled() async throws -> DatabaseURL {
        let room = try Room(.postgres)
        let talk = try await room.talk("swift")
        for text in ["one", "a\\u0000\\\"b", "=1+1", "four", "five"] {
            try await room.post(text, talk: talk, headers: ["X-Voter-Token: voter-number-100001"])
        }
        try await room.moderate(1, #"{"stage":"now","pinned":true,"answer":"Yes"}"#)
        try await room.moderate(2, #"{"state":"hidden"}"#)
        try await room.moderate(4, #"{"state":"waiting"}"#)
        _ = try await room.send("PUT", "/comments/3/vote")
        _ = try await room.send("DELETE", "/comments/5")
        try await room.post("elsewhere", talk: 9)
        return .postgres(try #require(room.url))
    }

    @Test("what is exported and imported is the same, on SQLite too", arguments: TransferFormat.allCases)
    func roundTrip(_ format: TransferFormat) async throws {
        let source = try await filled()
        let whole = try export(source, .full(talk: nil), format)
        #expect(whole.contains("elsewhere") && whole.contains("hidden") && whole.contains("Yes"))
        #expect(try !export(source, .full(talk: "swift"), format).contains("elsewhere"))
        let shown = try export(source, .shown, format)
        #expect(shown.contains("=1+1") && !shown.contains("hidden") && !shown.contains("four"))
        #expect(throws: OperationError.self) { try export(source, .full(talk: "none"), format) }
        let file = "\(folder.path)/in.\(format.rawValue)"
        try whole.write(toFile: file, atomically: true, encoding: .utf8)
        for target in [
            DatabaseURL.postgres(try PostgresServer.shared().database()),
            .file("\(folder.path)/\(format.rawValue).db"),
        ] {
            let first = try transfer(target).importComments(from: file, as: nil) { _, _ in }
            #expect((first.added, first.known) == (5, 0))
            #expect(try export(target, .full(talk: nil), format) == whole)
            let again = try transfer(target).importComments(from: file, as: nil) { _, _ in }
            #expect((again.added, again.known) == (0, 5))
            #expect(try transfer(target).check() == [])
        }
    }

    @Test("an import goes on beside nodes, whose clients load anew, and refuses another comment of an id")
    func beside() async throws {
        let url = try PostgresServer.shared().database()
        let node = try PostgresNode(url)
        defer { withExtendedLifetime(node) {} }
        try await node.post("one")
        func epoch() async throws -> String {
            try await node.database.query("SELECT epoch FROM feed_epoch")[0].text("epoch")
        }
        let before = try await epoch()
        let file = "\(folder.path)/beside.ndjson"
        func write(_ id: Int, _ text: String) throws {
            let time = "2026-01-01T00:00:00Z"
            try """
            {"id":\(id),"talk_id":1,"user_ip":"::1","comment_text":"\(text)","created_at":"\(time)","updated_at":"\(time)"}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        }
        try write(7, "imported needle")
        #expect(try transfer(.postgres(url)).importComments(from: file, as: nil) { _, _ in }.added == 1)
        #expect(try await epoch() != before)
        #expect(try await node.client.send("GET", "/search/comments?q=needle").body.contains("imported"))
        #expect(try await node.post("next") == 8)
        try write(7, "another")
        #expect {
            _ = try transfer(.postgres(url)).importComments(from: file, as: nil) { _, _ in }
        } throws: { "\($0)".contains("there is another comment 7") }
    }

    @Test("a check says what cannot be true")
    func check() async throws {
        let url = try await filled()
        #expect(try transfer(url).check() == [])
        guard case .postgres(let place) = url else { return }
        let session = try PostgresBlockingSession(PostgresConfiguration(place))
        try session.execute("UPDATE talk SET comments = 99")
        try session.execute("INSERT INTO vote (comment_id, participant) VALUES (77, 'x'::bytea)")
        #expect(
            try transfer(url).check() == [
                "1 talks whose numbers of comments are wrong",
                "1 votes, stages or authors of comments that are not there",
                "1 comments with more voters than votes",
            ])
    }

    @Test("the demo plays in an empty one, and in no other")
    func demo() async throws {
        let url = try PostgresServer.shared().database()
        var settings = Settings()
        settings.databaseURL = .postgres(url)
        func demo() throws -> DemoService {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            return try DemoService(settings, ServiceContext("LiveTalk", logger: logger), seed: 1, rate: 0)
        }
        let service = try demo()
        let node = try PostgresNode(url)
        defer { withExtendedLifetime(node) {} }
        let talks = try await node.talks.talks(offset: 0, limit: 9, state: nil)
        #expect(talks.map(\.slug) == ["queues", "demo", "flames"])
        #expect((talks[1].comments, talks[1].waiting, talks[1].hidden) == (12, 2, 0))
        service.close()
        #expect { _ = try demo() } throws: { "\($0)".contains("new database") }
        #expect(try transfer(.postgres(url)).check() == [])
    }
}
