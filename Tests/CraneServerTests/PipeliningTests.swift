import CraneHTTP
import CraneServer
import TestSupport
import Testing

@Suite("Pipelined requests", .serialized, .timeLimit(.minutes(5)))
struct PipeliningTests {
    private static func echo(_ request: Request) async -> Response {
        let body = (try? await request.body.collect()) ?? Array("?".utf8)
        return Response(body: ResponseBody(Array("\(request.method) \(request.path) ".utf8) + body))
    }

    @Test("requests that come together are answered in order and in one write", arguments: [2, 16, 100])
    func oneWrite(count: Int) async throws {
        let running = try RunningServer { await PipeliningTests.echo($0) }
        let client = try await running.connect()
        try await client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 0..<count {
            let answer = try await client.answer()
            #expect(answer.text == "GET /\(number) ")
        }
        // Each write is a segment of its own: Nagle's algorithm is off.
        #expect(client.socket.receivedSegments == 1)
        try await running.end()
    }

    /// Bodies of every framing behind one another.
    private static let mixed = [
        "GET /first HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;a=b\r\nfoo\r\n4\r\nbarz\r\n0\r\nX-Sum: 7\r\n\r\n",
        "POST /empty HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "GET /last HTTP/1.1\r\nHost: a\r\n\r\n",
    ].joined()
    private static let mixedAnswers = [
        "GET /first ", "POST /length hello", "POST /chunks foobarz", "POST /empty ", "GET /last ",
    ]

    @Test("requests with bodies are answered alike wherever the network splits them")
    func everySplit() async throws {
        let running = try RunningServer { await PipeliningTests.echo($0) }
        let bytes = Array(PipeliningTests.mixed.utf8)
        let (client, other) = (try await running.connect(), try await running.connect())
        for split in 1..<bytes.count {
            try await client.send(Array(bytes[..<split]))
            // The first part has been read when a request that came after it is answered.
            _ = try await other.get("/turn")
            try await client.send(Array(bytes[split...]))
            for expected in PipeliningTests.mixedAnswers {
                let answer = try await client.answer()
                #expect(answer.text == expected, "split at \(split)")
            }
        }
        try await running.end()
    }

    @Test("requests that arrive byte by byte are answered alike")
    func byteByByte() async throws {
        let running = try RunningServer { await PipeliningTests.echo($0) }
        let client = try await running.connect()
        for byte in PipeliningTests.mixed.utf8 { try await client.send([byte]) }
        for expected in PipeliningTests.mixedAnswers {
            #expect(try await client.answer().text == expected)
        }
        try await running.end()
    }

    @Test("requests behind one that waits are served after it, in order")
    func behindWaiting() async throws {
        let (latch, served) = (Latch(), Journal<String>())
        let running = try RunningServer { request in
            served.note(request.path)
            if request.path == "/waits" { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect()
        try await client.send("GET /before HTTP/1.1\r\nHost: a\r\n\r\nGET /waits HTTP/1.1\r\nHost: a\r\n\r\n")
        // The response before the one that waits does not wait with it.
        #expect(try await client.answer().text == "/before")
        try await client.send("GET /third HTTP/1.1\r\nHost: a\r\n\r\nGET /fourth HTTP/1.1\r\nHost: a\r\n\r\n")
        try await running.turn()
        #expect(served.entries.filter { $0 != "/turn" } == ["/before", "/waits"])
        latch.open()
        for path in ["/waits", "/third", "/fourth"] { #expect(try await client.answer().text == path) }
        try await running.end()
    }

    @Test(
        "a bad request behind good ones is answered after them, and ends the connection",
        arguments: [false, true])
    func badBehindGood(waits: Bool) async throws {
        let latch = Latch()
        let running = try RunningServer { request in
            if waits { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect()
        try await client.send(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost : a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n")
        latch.open()
        #expect(try await client.answer().text == "/1")
        #expect(try await client.answer().text == "/2")
        let refusal = try await client.answer()
        #expect(refusal.status == 400)
        #expect(refusal.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a client that sends ahead without end is made to wait, and in the end gets every response")
    func boundedInput() async throws {
        let latch = Latch()
        let running = try RunningServer { request in
            if request.path == "/first" { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect()
        try await client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
        let padding = String(repeating: "x", count: 2000)
        let one = Array("GET /next HTTP/1.1\r\nHost: a\r\nX-Padding: \(padding)\r\n\r\n".utf8)
        let piece = Array(repeatElement(one, count: 100).joined())
        var sent = 0
        while true {
            // Goes on where the last piece was cut.
            let cut = sent % one.count
            let taken = try client.socket.fill(with: Array(one[cut...] + piece + one[..<cut]))
            sent += taken
            // The kernel's own buffers are what is left to fill.
            try #require(sent < 64 << 20)
            try await running.turn()
            if taken == 0 { break }
        }
        latch.open()
        #expect(try await client.answer().text == "/first")
        for _ in 0..<(sent / one.count) { #expect(try await client.answer().text == "/next") }
        try await running.end()
    }

    @Test("a client that does not read its responses is not served further until it does")
    func boundedOutput() async throws {
        let served = Journal<Void>()
        let body = ResponseBody(Array(repeating: 120, count: 64 << 10))
        let running = try RunningServer { request in
            if request.path == "/big" { served.note(()) }
            return Response(body: request.path == "/big" ? body : .empty)
        }
        let client = try await running.connect()
        let count = 1000
        try await client.send(String(repeating: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", count: count))
        var before = -1
        while served.entries.count != before {
            before = served.entries.count
            for _ in 0..<3 { try await running.turn() }
        }
        // 64 MB in all; what the kernel's buffers take is far less.
        #expect(before < count / 2)
        for _ in 0..<count { #expect(try await client.answer().body.count == 64 << 10) }
        #expect(served.entries.count == count)
        try await running.end()
    }
}
