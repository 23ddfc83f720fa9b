import Crane
import CraneService
import Foundation
import Logging
import Testing

@testable import LiveTalk

@Suite("The log of a store that fails")
struct FailingStoreLogTests {
    @Test("tells of the database, one line a request")
    func databaseFault() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try LogSink(path: path, format: .text)
        let threshold = LogThreshold(.info)
        let logger = Logger(label: "test") { LineLogHandler(label: $0, threshold: threshold, sink: sink) }
        let store = FailingStoreTests.Failing(error: .unavailable("disk I/O error"))
        #expect(try await Client(store: store, logger: logger).send("GET", "/comments/1").status == 503)
        sink.close()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
        #expect(
            lines[0].contains(#" error test: the database failed error="disk I/O error" method=GET "#))
        #expect(lines[0].contains("route=/comments/{comment_id}"))
    }
}
