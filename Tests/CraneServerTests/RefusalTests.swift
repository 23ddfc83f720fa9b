import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
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

    @Test(
        "each leaves a trace: who, what is known of method and path, and the status; counted too",
        arguments: [
            ("GARBAGE\r\n\r\n", " ", 400),
            ("GET /p HTTP/1.1\r\n\r\n", "GET /p", 400),
            ("GET /a%20b?secret HTTP/2.0\r\nHost: a\r\n\r\n", "GET /a%20b", 505),
            ("POST /x?y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "POST /x", 501),
            ("PUT /x HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", "PUT /x", 417),
        ])
    func trace(text: String, known: String, status: Int) async throws {
        let running = try RunningServer { _ in Response() }
        // A request before it, of which nothing may be told in its place.
        let client = try await running.connect()
        _ = try await client.get("/other")
        for pieces in [[text], text.map { String($0) }] {
            let client = try await running.connect()
            _ = try await client.get("/other")
            for piece in pieces {
                // What comes behind the response need not be sent.
                try? await client.send(piece)
            }
            let answer = try await client.answer()
            #expect(answer.status == status)
            if status != 400 {
                #expect(!answer.text.contains("\"\""))
            }
            try await running.refusals.wait { $0.contains("\(client.socket.port) \(known) \(status)") }
        }
        try await running.end()
        #expect(running.refusals.entries.count == 2)
    }

    @Test(
        "a refusal of HEAD has no body, as soon as the method is known",
        arguments: [
            ("HEAD / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("HEAD / HTTP/1.1\r\n\r\n", 400),
            ("HEAD / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
            ("HEAD /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\n", 414),
            ("HEAD / HTTP/1.1\r\nHo", 408),
        ])
    func head(text: String, status: Int) async throws {
        let running = try RunningServer { _ in Response() }
        let client = try await running.connect(sending: text)
        if status == 408 {
            try await running.turn()
            await running.pass(.seconds(60))
        }
        let answer = try await client.answer(isHead: true)
        #expect(answer.status == status)
        #expect(answer["content-length"].flatMap { Int($0) } ?? 0 > 0)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test(
        "a refusal says what it is", arguments: [(414, "URI Too Long"), (505, "HTTP Version Not Supported")])
    func detail(status: Int, phrase: String) async throws {
        let running = try RunningServer { _ in Response() }
        let client = try await running.connect()
        try await client.send(RefusalTests.cases.first { $0.status == status }?.text ?? "")
        #expect(try await client.answer().text == "{\"detail\":\"\(phrase)\"}")
        try await running.end()
    }

    @Test("heads that are late and connections too many leave a trace")
    func lateAndTooMany() async throws {
        let running = try RunningServer { _ in Response() }
        let late = try await running.connect(sending: "GET /late HTTP/1.1\r\nHost")
        try await running.turn()
        await running.pass(.seconds(60))
        #expect(try await late.answer().status == 408)
        try await running.refusals.wait { $0.contains("\(late.socket.port) GET /late 408") }
        try await running.end()
        let full = try RunningServer(.test { $0.maximumConnections = 0 }) { _ in Response() }
        let client = try await full.connect()
        #expect(try await client.answer().status == 503)
        try await full.refusals.wait { $0.contains("\(client.socket.port) - 503") }
        try await full.end()
    }
}
