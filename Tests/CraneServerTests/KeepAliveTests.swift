import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

@Suite("Connections that are used again", .serialized, .timeLimit(.minutes(5)))
struct KeepAliveTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let version: String
        let fields: String
        /// The response's Connection field.
        let said: String?
        let isKept: Bool

        var testDescription: String { "HTTP/\(version) \(fields.split(separator: "\r\n"))" }
    }

    static let cases = [
        Case(version: "1.1", fields: "", said: nil, isKept: true),
        Case(version: "1.1", fields: "Connection: keep-alive\r\n", said: nil, isKept: true),
        Case(version: "1.1", fields: "Connection: close\r\n", said: "close", isKept: false),
        Case(version: "1.1", fields: "Connection: x, CLOSE\r\n", said: "close", isKept: false),
        Case(version: "1.1", fields: "Connection: x\r\nConnection: close\r\n", said: "close", isKept: false),
        Case(version: "1.0", fields: "", said: "close", isKept: false),
        Case(version: "1.0", fields: "Connection: Keep-Alive\r\n", said: "keep-alive", isKept: true),
        Case(version: "1.0", fields: "Connection: close\r\n", said: "close", isKept: false),
    ]

    @Test("a connection is kept or closed as the client's version and Connection field ask", arguments: cases)
    func keepAlive(test: Case) async throws {
        let running = try RunningServer { request in Response(body: ResponseBody(request.path)) }
        let client = try await running.connect()
        for number in 0..<2 {
            try await client.send("GET /\(number) HTTP/\(test.version)\r\nHost: a\r\n\(test.fields)\r\n")
            let answer = try await client.answer()
            #expect(answer.version == "HTTP/1.1")
            #expect(answer.status == 200)
            #expect(answer.text == "/\(number)")
            #expect(answer["connection"] == test.said)
            guard test.isKept else { break }
        }
        if !test.isKept { #expect(try await client.isAtEnd()) }
        try await running.end()
    }

    @Test("a handler that says close ends the connection, and requests behind it do not spoil the response")
    func handlerCloses() async throws {
        let running = try RunningServer { _ in
            Response(
                headers: [.connection: "close"], body: ResponseBody(String(repeating: "x", count: 100_000)))
        }
        let client = try await running.connect()
        // The server has no use for most of it, and must not answer with a reset.
        try await client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 5000))
        let answer = try await client.answer()
        #expect(answer.closes)
        #expect(answer.body.count == 100_000)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("HEAD gets what GET would get, without the body, and the connection goes on")
    func head() async throws {
        let produced = Journal<Void>()
        let running = try RunningServer { request in
            guard request.path == "/stream" else { return Response(body: ResponseBody("hello")) }
            return Response(
                body: ResponseBody { writer in
                    produced.note(())
                    try await writer.write("hello")
                })
        }
        let client = try await running.connect()
        for path in ["/", "/stream"] {
            let got = try await client.get(path)
            let head = try await client.get(path, method: "HEAD")
            #expect(got.text == "hello")
            #expect(head.status == 200)
            #expect(head["content-length"] == got["content-length"])
            #expect(head["transfer-encoding"] == got["transfer-encoding"])
        }
        #expect(produced.entries.count == 1)
        try await running.end()
    }

    @Test("answers without content have neither length nor body", arguments: [204, 304])
    func bodiless(status: Int) async throws {
        let running = try RunningServer { _ in Response(status: .init(code: status), body: ResponseBody("no"))
        }
        let client = try await running.connect()
        for _ in 0..<2 {
            let answer = try await client.get("/")
            #expect(answer.status == status)
            #expect(answer["content-length"] == nil && answer["transfer-encoding"] == nil)
        }
        try await running.end()
    }

    @Test("every response has a date, and what a handler says about framing is not doubled")
    func framingFields() async throws {
        let running = try RunningServer { _ in
            Response(
                headers: [.contentLength: "999", .date: "never", .transferEncoding: "gzip"],
                body: ResponseBody("four"))
        }
        let client = try await running.connect()
        for _ in 0..<2 {
            let answer = try await client.get("/")
            #expect(answer["date"]?.hasSuffix(" GMT") == true)
            #expect(answer["content-length"] == "4")
            #expect(answer["transfer-encoding"] == nil)
            #expect(answer.text == "four")
        }
        try await running.end()
    }
}
