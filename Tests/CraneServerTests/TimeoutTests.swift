import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

/// Time is let go by on the servers' clocks; the configuration for tests has terms of 60 s.
@Suite("Slow clients", .timeLimit(.minutes(5)))
struct TimeoutTests {
    @Test("a head that does not come to its end is answered 408, however it drips", arguments: [false, true])
    func slowHead(drips: Bool) async throws {
        let running = try RunningServer { _ in Response() }
        let client = try await running.connect(sending: "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ")
        try await running.turn()
        // Never a deadline's length without a byte.
        for _ in 0..<3 where drips {
            await running.server.skip(.seconds(20))
            try await client.send("x")
            try await running.turn()
        }
        await running.pass(.seconds(drips ? 0 : 60))
        let answer = try await client.answer()
        #expect(answer.status == 408)
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a head that is slow behind an answered request is answered 408 too")
    func slowSecondHead() async throws {
        let running = try RunningServer { _ in Response(body: ResponseBody("first")) }
        let client = try await running.connect(sending: "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
        #expect(try await client.answer().text == "first")
        await running.pass(.seconds(60))
        #expect(try await client.answer().status == 408)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a connection on which nothing comes is closed without a response")
    func silent() async throws {
        let running = try RunningServer { _ in Response() }
        let client = try await running.connect()
        try await running.turn()
        await running.pass(.seconds(60))
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a connection that idles after a response is closed")
    func idle() async throws {
        let running = try RunningServer { _ in Response(body: ResponseBody("here")) }
        let client = try await running.connect()
        for _ in 0..<3 {
            #expect(try await client.get("/").text == "here")
            // The real time between counts too.
            await running.server.skip(.seconds(45))
        }
        await running.pass(.seconds(30))
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a body under the minimum rate is ended, however it drips", arguments: [false, true])
    func slowBody(drips: Bool) async throws {
        let running = try RunningServer(.test { $0.minimumBodyRate = 1000 }) { request in
            do {
                for try await _ in request.body {}
                return Response()
            } catch {
                let isSlow = (error as? RequestBodyError) == .tooSlow
                return Response(status: isSlow ? .requestTimeout : .badRequest)
            }
        }
        for framing in ["Content-Length: 100000", "Transfer-Encoding: chunked"] {
            let client = try await running.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
            try await running.turn()
            for _ in 0..<3 where drips {
                await running.server.skip(.seconds(20))
                try await client.send("1\r\nx\r\n")
                try await running.turn()
            }
            await running.pass(.seconds(drips ? 0 : 60))
            let answer = try await client.answer()
            #expect(answer.status == 408)
            #expect(answer.closes)
            #expect(try await client.isAtEnd())
            client.socket.disconnect()
        }
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a body that nobody reads must come at the minimum rate too while it is thrown away")
    func slowUnreadBody() async throws {
        let running = try RunningServer(.test { $0.minimumBodyRate = 1000 }) { _ in
            Response(status: .notFound)
        }
        let client = try await running.connect()
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
        #expect(try await client.answer().status == 404)
        await running.pass(.seconds(60))
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a handler that is slow itself does not make its client too slow")
    func slowHandler() async throws {
        let (begun, latch) = (Journal<Void>(), Latch())
        let running = try RunningServer(.test { $0.minimumBodyRate = 1_000_000 }) { request in
            guard request.path != "/turn" else { return Response() }
            do {
                var count = 0
                for try await part in request.body {
                    count += part.count
                    guard count == 1 else { continue }
                    begun.note(())
                    try await latch.pass()
                }
                return Response(body: ResponseBody("\(count)"))
            } catch {
                return Response(status: .requestTimeout)
            }
        }
        let client = try await running.connect()
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200001\r\n\r\nx")
        try await begun.wait(forCount: 1)
        // More than is kept for a reader that is busy: the socket is left alone in between.
        try await client.send(String(repeating: "x", count: 200_000))
        try await running.turn()
        // Two terms go by.
        for _ in 0..<2 { await running.pass(.seconds(60)) }
        latch.open()
        #expect(try await client.answer().text == "200001")
        try await running.end()
    }

    @Test(
        "a client that takes nothing of its response is given up, streamed or not", arguments: [false, true])
    func slowReader(streams: Bool) async throws {
        let failed = Journal<Void>()
        let running = try RunningServer { request in
            guard request.path != "/turn" else { return Response() }
            guard streams else { return Response(body: ResponseBody(Array(repeating: 1, count: 64 << 20))) }
            return Response(
                body: ResponseBody { writer in
                    defer { failed.note(()) }
                    while true { try await writer.write(Array(repeating: 1, count: 1 << 20)) }
                })
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try await running.waitForConnections(1)
        // What the system goes on taking for it is taken.
        try await running.pass(.seconds(60)) { running.server.connectionCount == 0 }
        if streams { try await failed.wait(forCount: 1) }
        await #expect(throws: (any Error).self) { try await client.answer() }
        try await running.end()
    }

    @Test(
        "a client that has said all and takes nothing of its response is given up", arguments: [false, true])
    func slowReaderHalfClosed(streams: Bool) async throws {
        let running = try RunningServer(
            .test { $0.halfCloseGrace = .seconds(360_000) }
        ) { _ in
            guard streams else { return Response(body: ResponseBody(Array(repeating: 1, count: 64 << 20))) }
            return Response(
                body: ResponseBody { writer in
                    while true { try await writer.write(Array(repeating: 1, count: 1 << 20)) }
                })
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        client.socket.shutdownWriting()
        try await running.waitForConnections(1)
        try await running.pass(.seconds(60)) { running.server.connectionCount == 0 }
        try await running.end()
    }

    @Test("a client that has not read its response yet does not idle")
    func unreadAnswer() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        // More than a Unix socket takes at once, less than what makes the next request wait.
        let size = 250_000
        let running = try RunningServer(
            .test {
                $0.addresses = [.unix(path)]
                $0.writeTimeout = .seconds(3600)
            }
        ) { request in
            Response(body: request.method == .get ? .empty : ResponseBody(Array(repeating: 1, count: size)))
        }
        let client = Client(try await RawSocket(unixPath: path))
        // With a body that is thrown away behind the response.
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        let other = Client(try await RawSocket(unixPath: path))
        _ = try await other.get("/")
        try await client.send("def")
        // What it has sent has been read when another one has been answered.
        _ = try await other.get("/")
        await running.pass(.seconds(75))
        #expect(try await other.isAtEnd())
        #expect(try await client.answer().body.count == size)
        let last = Client(try await RawSocket(unixPath: path))
        _ = try await last.get("/")
        await running.pass(.seconds(75))
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a client that reads slowly, but reads, gets all of its response")
    func steadyReader() async throws {
        let piece = 12 << 20
        let running = try RunningServer { request in
            Response(
                body: request.path == "/turn" ? .empty : ResponseBody(Array(repeating: 1, count: 6 * piece)))
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        // Four terms, in each of which more is read than the system keeps for both sides.
        for _ in 0..<6 {
            let bytes = try await client.socket.receive(count: piece)
            #expect(bytes.count == piece)
            try await running.turn()
            await running.server.skip(.seconds(40))
        }
        try await running.end()
    }

    @Test("connections over the limit are answered 503, and one may come when one has gone")
    func connectionLimit() async throws {
        let running = try RunningServer(.test { $0.maximumConnections = 2 }) { _ in
            Response(body: ResponseBody("served"))
        }
        let first = try await running.connect()
        let second = try await running.connect()
        #expect(try await first.get("/").text == "served")
        #expect(try await second.get("/").text == "served")
        for _ in 0..<5 {
            let third = try await running.connect()
            let answer = try await third.answer()
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "1")
            #expect(answer.closes)
            #expect(try await third.isAtEnd())
            third.socket.disconnect()
            try await running.waitForConnections(2)
        }
        #expect(try await first.get("/").text == "served")
        second.socket.disconnect()
        try await running.waitForConnections(1)
        #expect(try await running.connect().get("/").text == "served")
        try await running.end()
    }

    @Test("a client over the limit that sends its request first still reads the 503")
    func connectionLimitWithRequest() async throws {
        let running = try RunningServer(.test { $0.maximumConnections = 0 }) { _ in Response() }
        let client = try await running.connect(
            sending: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
                + String(repeating: "x", count: 100_000))
        #expect(try await client.answer().status == 503)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForConnections(0)
        try await running.end()
    }
}
