import Crane
import Foundation
import Logging
import Testing

@testable import CraneService

@Suite("Log lines")
struct LoggingTests {
    /// The lines that `body` logs, without their times.
    private func lines(
        _ format: LogSink.Format, level: Logger.Level = .info, _ body: (Logger) async throws -> Void
    ) async throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try LogSink(path: path, format: format)
        let threshold = LogThreshold(level)
        try await body(
            Logger(label: "test") { LineLogHandler(label: $0, threshold: threshold, sink: sink) })
        sink.close()
        let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            String($0.replacing(time, with: "T"))
        }
    }

    @Test("are text with their metadata in order, and stay one line whatever it holds")
    func text() async throws {
        let lines = try await lines(.text) { logger in
            logger.info("ready", metadata: ["b": "2", "a": "one two"])
            logger.error("broken\nline", metadata: ["path": "/x\u{1B}[2J\u{9B}\"", "none": ""])
            logger.debug("not this")
        }
        #expect(
            lines == [
                #"T info test: ready a="one two" b=2"#,
                #"T error test: broken\nline none="" path="/x\u001b[2J\u009b\"""#,
            ])
    }

    @Test("are JSON objects when asked")
    func json() async throws {
        let lines = try await lines(.json, level: .debug) { logger in
            var logger = logger
            logger[metadataKey: "request_id"] = "7"
            logger.debug("ready \"now\"", metadata: ["a": "1"])
        }
        #expect(
            lines == [
                #"{"time":"T","level":"debug","logger":"test","message":"ready \"now\"","a":"1","request_id":"7"}"#
            ])
    }

    @Test("have a level that changes for all loggers but those with one of their own")
    func threshold() {
        let threshold = LogThreshold(.info)
        let sink = LogSink.standardError()
        let logger = Logger(label: "test") {
            LineLogHandler(label: $0, threshold: threshold, sink: sink)
        }
        var own = logger
        own.logLevel = .trace
        threshold.level = .error
        #expect(logger.logLevel == .error)
        #expect(own.logLevel == .trace)
    }
}
