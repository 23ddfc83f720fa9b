import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

@Suite("Request bodies", .serialized, .timeLimit(.minutes(5)))
struct RequestBodyTests {
    /// Reads the body and answers with it, or with what was wrong with it.
    static func echo(_ request: Request) async -> Response {
        do {
            let body = try await request.body.collect(upTo: 64 << 20)
            var headers = HTTPFields()
            if let sum = request.body.trailers[.eTag] { headers[.eTag] = sum }
            return Response(headers: headers, body: ResponseBody(body))
        } catch let error as RequestBodyError {
            let status: HTTPResponse.Status =
                switch error {
                case .tooLarge: .contentTooLarge
                case .tooSlow: .requestTimeout
                case .overloaded: .serviceUnavailable
                case .malformed, .aborted: .badRequest
                }
            return Response(status: status, body: ResponseBody("\(error)"))
        } catch {
            return Response(status: .internalServerError)
        }
    }

    static func head(_ framing: String, path: String = "/") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n"
    }

    @Test(
        "bodies of any size arrive whole",
        arguments: [0, 1, 1000, 65_535, 65_536, 65_537, 1 << 20, 16 << 20])
    func sizes(size: Int) async throws {
        let running = try RunningServer { await RequestBodyTests.echo($0) }
        let client = try await running.connect()
        let body = (0..<64).flatMap { Array(repeating: UInt8($0), count: size / 64) }
        for framing in ["Content-Length: \(body.count)", "Transfer-Encoding: chunked"] {
            let isChunked = framing.hasPrefix("T")
            let chunk =
                body.isEmpty ? [] : Array("\(String(body.count, radix: 16))\r\n".utf8) + body + [13, 10]
            try await client.send(
                Array(RequestBodyTests.head(framing).utf8)
                    + (isChunked ? chunk + Array("0\r\n\r\n".utf8) : body))
            let answer = try await client.answer()
            #expect(answer.status == 200)
            // Not spelt out when it fails.
            let isWhole = answer.body == body
            #expect(isWhole)
        }
        try await running.end()
    }

    @Test("a body is read alike wherever the network splits it, trailers and all", arguments: [false, true])
    func everySplit(chunked: Bool) async throws {
        let running = try RunningServer { request in
            request.path == "/turn" ? Response() : await RequestBodyTests.echo(request)
        }
        let (client, other) = (try await running.connect(), try await running.connect())
        let text =
            chunked
            ? RequestBodyTests.head("Transfer-Encoding: chunked")
                + "1\r\na\r\n00b;x=\"y\"\r\nhello world\r\n0\r\nETag: \"7\"\r\nX-A: b\r\n\r\n"
            : RequestBodyTests.head("Content-Length: 12") + "ahello world"
        let bytes = Array(text.utf8)
        for split in 1..<bytes.count {
            try await client.send(Array(bytes[..<split]))
            _ = try await other.get("/turn")
            try await client.send(Array(bytes[split...]))
            let answer = try await client.answer()
            #expect(answer.text == "ahello world", "split at \(split)")
            #expect(answer["etag"] == (chunked ? "\"7\"" : nil))
        }
        try await running.end()
    }

    @Test("a handler that reads part by part gets the body while it arrives")
    func partByPart() async throws {
        let parts = Journal<[UInt8]>()
        let running = try RunningServer { request in
            do {
                for try await part in request.body { parts.note(part) }
                return Response()
            } catch {
                return Response(status: .badRequest)
            }
        }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: 9"))
        for part in ["abc", "def", "ghi"] {
            try await client.send(part)
            try await parts.wait { $0.last == Array(part.utf8) }
        }
        #expect(try await client.answer().status == 200)
        #expect(parts.entries.count == 3)
        try await running.end()
    }

    @Test("a handler that does not read stops the client, and gets everything when it reads")
    func backPressure() async throws {
        let latch = Latch()
        let size = 64 << 20
        let running = try RunningServer(.test { $0.maximumBodySize = UInt64(size) }) { request in
            guard request.path != "/turn" else { return Response() }
            do {
                try await latch.pass()
                var count = 0
                for try await part in request.body {
                    count += part.count
                    // What waits is bounded: the bound and one read.
                    #expect(part.count <= 128 << 10)
                }
                return Response(body: ResponseBody("\(count)"))
            } catch {
                return Response(status: .badRequest, body: ResponseBody("\(error)"))
            }
        }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: \(size)"))
        let piece = Array(repeating: 7 as UInt8, count: 1 << 20)
        var sent = 0
        while true {
            let taken = try client.socket.fill(with: piece)
            sent += taken
            // The kernel's own buffers are what is left to fill.
            try #require(sent < size / 2)
            for _ in 0..<3 { try await running.turn() }
            if taken == 0 { break }
        }
        latch.open()
        try await client.send(Array(repeating: 7, count: size - sent))
        #expect(try await client.answer().text == "\(size)")
        try await running.end()
    }

    /// A server that answers 413 at once, with short terms for what comes behind it.
    static func refusing(_ change: (inout ServerConfiguration) -> Void) throws -> RunningServer {
        try RunningServer(
            .test {
                $0.maximumBodySize = 1
                change(&$0)
            }
        ) { request in
            request.path == "/turn" ? Response() : await RequestBodyTests.echo(request)
        }
    }

    @Test("a client that sends on and on behind its 413 reads it in the end, longer than a silence may last")
    func longUpload() async throws {
        let running = try RequestBodyTests.refusing { _ in }
        let client = try await running.connect(sending: RequestBodyTests.head("Content-Length: 100000000"))
        for _ in 0..<6 {
            try await client.send(Array(repeating: 1, count: 1_000_000))
            try await running.turn()
            await running.server.skip(.seconds(4))
        }
        let answer = try await client.answer()
        #expect(answer.status == 413)
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("nobody sends on for ever behind a response: bytes and time have bounds", arguments: [false, true])
    func endlessUpload(fast: Bool) async throws {
        let running = try RequestBodyTests.refusing {
            if fast { $0.lingerBytes = 1 << 20 }
        }
        let client = try await running.connect(sending: RequestBodyTests.head("Content-Length: 100000000000"))
        await #expect(throws: SocketFailure.self) {
            while true {
                try await client.send(Array(repeating: 1, count: fast ? 1 << 20 : 1))
                if !fast { await running.server.skip(.seconds(1)) }
            }
        }
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a client that is silent behind its response is let go")
    func silentBehindAnswer() async throws {
        let running = try RequestBodyTests.refusing { _ in }
        let client = try await running.connect(sending: RequestBodyTests.head("Content-Length: 1000"))
        #expect(try await client.answer().status == 413)
        await running.server.skip(.seconds(3))
        #expect(running.server.connectionCount == 1)
        await running.pass(.seconds(2))
        try await running.waitForConnections(0)
        try await running.end()
    }
}
