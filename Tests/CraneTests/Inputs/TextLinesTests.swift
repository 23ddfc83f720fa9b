import Crane
import CraneTesting
import Testing

@Suite("Lines of a body")
struct TextLinesTests {
    private static func app() -> App {
        var app = App()
        app.post("/body", BodyStream("text/csv")) { body in
            var lines: [String] = []
            for try await line in TextLines(body, upTo: 5) { lines.append(line) }
            return lines
        }
        app.post("/file", Upload("file")) { file in
            var (lines, bytes) = (0, 0)
            for try await line in TextLines(file) {
                lines += 1
                bytes += line.utf8.count
            }
            return [lines, bytes]
        }
        app.post("/parts", Upload("file")) { file in
            try await file.reduce(into: [Int]()) { sizes, part in sizes.append(part.count) }
        }
        return app
    }

    private let client = TestClient(app())

    @Test(
        "end in LF or CRLF, the last one in nothing too",
        arguments: [
            ("a\nb\n", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]), ("", []), ("\n", [""]),
            ("12345\r\n", ["12345"]),
            ("12345", ["12345"]), ("\u{E9}\n", ["\u{E9}"]),
        ])
    func ends(_ text: String, _ lines: [String]) async throws {
        let answer = try await client.send(TestRequest(.post, "/body", body: Array(text.utf8)))
        #expect(try answer.decoded(as: [String].self) == lines)
    }

    @Test("are refused where they are too long or no text")
    func refused() async throws {
        let long = try await client.send(TestRequest(.post, "/body", body: Array("a\n123456\n".utf8)))
        #expect(long.status == .unprocessableContent)
        #expect(try long.json() == ["detail": "Line 2 is longer than 5 bytes"])
        let binary = try await client.send(TestRequest(.post, "/body", body: [0xFF, 10]))
        #expect(try binary.json() == ["detail": "Line 1 is not UTF-8"])
    }

    private func upload(_ path: String, _ text: String) async throws -> TestResponse {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
        return try await client.send(
            TestRequest(
                .post, path, headers: [.contentType: "multipart/form-data; boundary=b"],
                body: Array((head + text + "\r\n--b--\r\n").utf8)))
    }

    @Test("are those of an uploaded file too, in memory or on the disk")
    func files() async throws {
        let line = String(repeating: "x", count: 99) + "\n"
        for count in [0, 1, 5000] {
            let answer = try await upload("/file", String(repeating: line, count: count))
            #expect(try answer.json() == [.integer(count), .integer(count * 99)])
        }
        let sizes = try await upload("/parts", String(repeating: "x", count: 100_000))
        #expect(try sizes.json() == [65_536, 34_464])
    }
}
