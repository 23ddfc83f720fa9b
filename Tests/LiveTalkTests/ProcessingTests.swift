import Foundation
import Testing

@testable import LiveTalk

@Suite("The file of /process")
struct ProcessingTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    @Test("has one line for each request, whatever its data")
    func lines() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let processing = Processing(delay: .zero, file: file)
        for data in ["plain", "a\nProcessed: forged", "\r\n", "\u{1B}[31m", "é\u{2028}😀", ""] {
            try processing.run(data)
        }
        #expect(
            try String(contentsOfFile: file, encoding: .utf8) == #"""
                Processed: plain
                Processed: a\nProcessed: forged
                Processed: \r\n
                Processed: \u{1B}[31m
                Processed: é\u{2028}😀
                Processed: 

                """#)
    }

    @Test("is bounded: a request is refused before it is promised, until the file has been moved away")
    func bound() async throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data().write(to: URL(filePath: file))
        #expect(unsafe truncate(file, off_t(Processing.limit)) == 0)
        var settings = Settings()
        settings.processedFile = file
        settings.processDelay = .zero
        let client = try Client(settings)
        let refused = try await client.send("POST", "/process?data=x")
        #expect(refused.status == 503)
        #expect(refused.body == #"{"detail":"The file of processed data is full"}"#)
        try FileManager.default.removeItem(atPath: file)
        #expect(try await client.send("POST", "/process?data=x").status == 200)
    }
}
