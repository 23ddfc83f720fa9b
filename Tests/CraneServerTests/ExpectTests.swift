import CraneHTTP
import CraneServer
import HTTPTypes
import Testing

/// RFC 9110, section 10.1.1.
@Suite("Clients that wait for 100 Continue", .serialized, .timeLimit(.minutes(5)))
struct ExpectTests {
    private static func running() throws -> RunningServer {
        try RunningServer { request in
            if request.path == "/refuses" { return Response(status: .unauthorized) }
            if request.path == "/answers-first" {
                return Response(
                    body: ResponseBody { writer in
                        try await writer.write("begun ")
                        let body = try await request.body.collect()
                        try await writer.write(body)
                    })
            }
            do {
                return Response(body: ResponseBody(try await request.body.collect()))
            } catch {
                return Response(status: .contentTooLarge)
            }
        }
    }

    private static func head(_ path: String, _ framing: String, version: String = "1.1") -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\n\(framing)\r\n\r\n"
    }

    @Test("the go-ahead is sent when the handler wants the body, and once")
    func wanted() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        for _ in 0..<2 {
            try await client.send(ExpectTests.head("/", "Content-Length: 6"))
            #expect(try await client.answer().status == 100)
            try await client.send("abc")
            try await running.turn()
            try await client.send("def")
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer.text == "abcdef")
        }
        try await client.send(ExpectTests.head("/", "Transfer-Encoding: chunked"))
        #expect(try await client.answer().status == 100)
        try await client.send("3\r\nabc\r\n0\r\n\r\n")
        #expect(try await client.answer().text == "abc")
        try await running.end()
    }

    @Test("no go-ahead is sent for a body that is refused, and the connection ends")
    func refused() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send(ExpectTests.head("/refuses", "Content-Length: 6"))
        let answer = try await client.answer()
        #expect(answer.status == 401)
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("no go-ahead is sent for a body that is too large")
    func tooLarge() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send(ExpectTests.head("/", "Content-Length: 60000000"))
        let answer = try await client.answer()
        #expect(answer.status == 413)
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("no go-ahead is sent when the body comes without waiting for it", arguments: ["", "ab", "abcdef"])
    func comesAnyway(start: String) async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send(ExpectTests.head("/", "Content-Length: 6") + start)
        if start.isEmpty { #expect(try await client.answer().status == 100) }
        try await client.send(String("abcdef".dropFirst(start.count)))
        let answer = try await client.answer()
        #expect(answer.status == 200)
        #expect(answer.text == "abcdef")
        try await running.end()
    }

    @Test("no go-ahead is sent to an HTTP/1.0 client")
    func http10() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send(ExpectTests.head("/", "Content-Length: 3", version: "1.0"))
        try await running.turn()
        try await client.send("abc")
        let answer = try await client.answer()
        #expect(answer.status == 200)
        #expect(answer.text == "abc")
        try await running.end()
    }

    @Test("no go-ahead is sent inside a response that has begun")
    func answerHasBegun() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send(ExpectTests.head("/answers-first", "Content-Length: 3"))
        try await running.turn()
        try await client.send("abc")
        let answer = try await client.answer()
        #expect(answer.status == 200)
        #expect(answer.text == "begun abc")
        try await running.end()
    }

    @Test("an expectation that is not known is refused")
    func unknown() async throws {
        let running = try ExpectTests.running()
        let client = try await running.connect()
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nContent-Length: 1\r\n\r\na")
        #expect(try await client.answer().status == 417)
        #expect(try await client.isAtEnd())
        try await running.end()
    }
}
