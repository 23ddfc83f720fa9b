import CraneHTTP
import CraneServer
import TestSupport
import Testing

/// Responses that are ready need no task; here they stand beside those that do.
@Suite("Responses that are ready", .serialized, .timeLimit(.minutes(5)))
struct ReadyResponseTests {
    /// What `/ready`, `/waits`, `/long` and `/stream` say.
    private static func response(to request: Request) -> EventualResponse {
        let path = request.path
        switch path {
        case "/waits":
            return .pending {
                await Task.yield()
                return Response(body: ResponseBody(path))
            }
        case "/long": return .ready(Response(body: ResponseBody(long)))
        case "/stream":
            return .ready(
                Response(
                    body: ResponseBody { writer in
                        try await writer.write("a")
                        try await request.connection.loop.sleep(for: .zero)
                        try await writer.write("b")
                    }))
        case "/fails": return .pending { throw CancellationError() }
        default: return .ready(Response(body: ResponseBody(path)))
        }
    }

    private static let long = [UInt8](repeating: 120, count: 1 << 20)

    private func answers(to paths: [String]) async throws -> [String] {
        let running = try RunningServer.synchronous(answer: ReadyResponseTests.response)
        let client = try await running.connect(
            sending: paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        var texts: [String] = []
        for _ in paths { texts.append(try await client.answer().text) }
        try await running.end()
        return texts
    }

    @Test("pipelined ones leave in one write")
    func oneWrite() async throws {
        let running = try RunningServer.synchronous(answer: ReadyResponseTests.response)
        let client = try await running.connect()
        try await client.send((0..<16).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 0..<16 { #expect(try await client.answer().text == "/\(number)") }
        #expect(client.socket.receivedSegments == 1)
        try await running.end()
    }

    @Test("stand in order before and behind those that are waited for, long ones and streams")
    func order() async throws {
        let paths = [
            "/1", "/waits", "/2", "/3", "/stream", "/waits", "/stream", "/4", "/long", "/5", "/waits",
            "/long",
        ]
        let long = String(decoding: ReadyResponseTests.long, as: UTF8.self)
        let expected = paths.map { $0 == "/stream" ? "ab" : $0 == "/long" ? long : $0 }
        #expect(try await answers(to: paths) == expected)
    }

    @Test("leave the rest of a body to be read, and the connection to the next request")
    func unreadBody() async throws {
        let running = try RunningServer.synchronous(answer: ReadyResponseTests.response)
        let client = try await running.connect(
            sending: "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        #expect(try await client.answer().text == "/1")
        try await client.send("defGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try await client.answer().text == "/2")
        try await running.end()
    }

    @Test("a responder that throws is answered 500, and the next request as ever")
    func failure() async throws {
        let running = try RunningServer.synchronous(answer: ReadyResponseTests.response)
        let client = try await running.connect()
        #expect(try await client.get("/fails").status == 500)
        #expect(try await client.get("/1").text == "/1")
        try await running.end()
    }
}
