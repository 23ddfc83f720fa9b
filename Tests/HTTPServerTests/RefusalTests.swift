import HTTPServer
import HTTPTypes
import HTTPWire
import Testing

@Suite("What is no request", .serialized, .timeLimit(.minutes(5)))
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        let text: String

        var testDescription: String { "\(status): \(name)" }
    }

    private static func fields(_ count: Int, size: Int = 5) -> String {
        (0..<count).map { "X-\($0): \(String(repeating: "v", count: size))\r\n" }.joined()
    }

    static let cases = [
        Case(name: "noise", status: 400, text: "\u{16}\u{3}\u{1} noise\r\n\r\n"),
        Case(name: "no Host", status: 400, text: "GET / HTTP/1.1\r\n\r\n"),
        Case(
            name: "two lengths", status: 400,
            text: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        Case(
            name: "length and chunks", status: 400,
            text: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Case(name: "bare line feeds", status: 400, text: "GET / HTTP/1.1\nHost: a\n\n"),
        Case(
            name: "unknown coding", status: 501,
            text: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
        Case(name: "another version", status: 505, text: "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Case(
            name: "long line", status: 414,
            text: "GET /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(name: "many fields", status: 431, text: "GET / HTTP/1.1\r\nHost: a\r\n\(fields(20_000))\r\n"),
        Case(
            name: "big fields", status: 431,
            text: "GET / HTTP/1.1\r\nHost: a\r\n\(fields(50, size: 20_000))\r\n"),
        Case(name: "empty lines", status: 400, text: String(repeating: "\r\n", count: 100)),
    ]

    @Test(
        "each is refused with its own status, which a client reads that has sent everything first",
        arguments: cases)
    func refused(test: Case) async throws {
        let running = try RunningServer { _ in Response(body: ResponseBody("healthy")) }
        for _ in 0..<2 {
            let client = try await running.connect()
            try await client.send(test.text)
            let answer = try await client.answer()
            #expect(answer.status == test.status)
            #expect(answer.closes)
            #expect(answer["date"] != nil)
            #expect(try await client.isAtEnd())
            #expect(try await running.connect().get("/").text == "healthy")
        }
        try await running.waitForConnections(0)
        try await running.end()
    }
}
