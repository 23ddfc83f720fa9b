import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

extension CancellationTests {
    @Test("a half-closed client gets all of its response however long it reads", arguments: ["1.1", "1.0"])
    func halfClosedStream(version: String) async throws {
        let size = 48 << 20
        let running = try RunningServer { request in
            if request.path == "/turn" { return Response() }
            return Response(
                body: ResponseBody(length: size) { writer in
                    for number in 0..<48 as Range<UInt8> {
                        try await writer.write(Array(repeating: number, count: 1 << 20))
                    }
                })
        }
        let client = try await running.connect(sending: "GET / HTTP/\(version)\r\nHost: a\r\n\r\n")
        client.socket.shutdownWriting()
        try await running.turn()
        // Four times the grace, with more read in each than the system keeps for both sides.
        for _ in 0..<4 {
            _ = try await client.socket.receive(count: size / 4)
            try await running.turn()
            await running.pass(.seconds(30))
        }
        // As long as the head was.
        let rest = try await client.socket.receive(count: .max)
        #expect(!rest.isEmpty && rest.allSatisfy { $0 == 47 })
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("what the handler of a half-closed client writes begins the grace anew")
    func halfClosedParts() async throws {
        let parts = Journal<Void>()
        let running = try RunningServer { request in
            if request.path == "/turn" { return Response() }
            return Response(
                body: ResponseBody { writer in
                    for _ in 0..<8 {
                        try await writer.write("part ")
                        parts.note(())
                        try await request.connection.loop.sleep(for: .seconds(20))
                    }
                })
        }
        let client = try await running.connect(sending: CancellationTests.get)
        client.socket.shutdownWriting()
        for count in 1...8 {
            try await parts.wait(forCount: count)
            try await running.turn()
            await running.server.skip(.seconds(20))
        }
        #expect(try await client.answer().text == String(repeating: "part ", count: 8))
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("what a half-closed client has asked for behind a handler that was cancelled is not served")
    func behindCancelled() async throws {
        let served = Journal<String>()
        let running = try RunningServer { request in
            if request.path == "/turn" { return Response() }
            served.note(request.path)
            if request.path == "/wait" { try? await request.connection.loop.sleep(for: .seconds(3600)) }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect(
            sending: "GET /wait HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        client.socket.shutdownWriting()
        try await running.turn()
        await running.pass(.seconds(30))
        let answer = try await client.answer()
        #expect(answer.text == "/wait")
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        #expect(served.entries == ["/wait"])
        try await running.end()
    }

    @Test("all that a half-closed client has asked for in one go is answered, more than is kept for it")
    func halfClosedPipeline() async throws {
        let latch = Latch()
        let running = try RunningServer(.test { $0.halfCloseGrace = .seconds(3600) }) { request in
            if request.path == "/0" { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect()
        // Some 300 kilobytes.
        let count = 10_000
        try await client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        client.socket.shutdownWriting()
        try await running.turn()
        latch.open()
        for number in 0..<count { #expect(try await client.answer().text == "/\(number)") }
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test(
        "a client that ends its side amid its body has the handler know, and gets what that answers",
        arguments: ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"])
    func halfClosedBody(rest: String) async throws {
        let running = try RunningServer(.test { $0.halfCloseGrace = .seconds(3600) }) { request in
            do {
                for try await _ in request.body {}
                return Response()
            } catch {
                return Response(status: .badRequest, body: ResponseBody("\(error)"))
            }
        }
        let client = try await running.connect(sending: "POST / HTTP/1.1\r\nHost: a\r\n" + rest)
        client.socket.shutdownWriting()
        let answer = try await client.answer()
        #expect(answer.status == 400)
        #expect(answer.text == "\(RequestBodyError.aborted)")
        #expect(try await client.isAtEnd())
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a body that its client has cut behind another request is known to be cut when it begins")
    func halfClosedBodyBehindRequest() async throws {
        let latch = Latch()
        let running = try RunningServer(.test { $0.halfCloseGrace = .seconds(3600) }) { request in
            if request.path == "/1" { try? await latch.pass() }
            do {
                for try await _ in request.body {}
                return Response()
            } catch {
                return Response(status: .badRequest, body: ResponseBody("\(error)"))
            }
        }
        let client = try await running.connect(
            sending: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        client.socket.shutdownWriting()
        try await running.turn()
        latch.open()
        #expect(try await client.answer().status == 200)
        #expect(try await client.answer().text == "\(RequestBodyError.aborted)")
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a half-closed client still gets its responses, within the grace", arguments: [false, true])
    func halfClosed(waits: Bool) async throws {
        let latch = Latch()
        let running = try RunningServer(.test { $0.halfCloseGrace = .seconds(3600) }) { request in
            if waits, request.path == "/1" { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let client = try await running.connect()
        try await client.send(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHos")
        client.socket.shutdownWriting()
        try await running.turn()
        latch.open()
        #expect(try await client.answer().text == "/1")
        #expect(try await client.answer().text == "/2")
        #expect(try await client.isAtEnd())
        try await running.waitForConnections(0)
        try await running.end()
    }
}
