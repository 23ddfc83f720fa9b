import HTTPServer
import HTTPTypes
import HTTPWire
import Testing

@Suite("Clients that go", .serialized, .timeLimit(.minutes(5)))
struct CancellationTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A server whose handler waits an hour; `outcomes` hears whether it was cancelled.
    private static func waiting(
        _ begun: Journal<Void>, _ outcomes: Journal<Bool>, grace: Duration
    ) throws -> RunningServer {
        try RunningServer(.test { $0.halfCloseGrace = grace }) { request in
            guard request.path != "/turn" else { return Response() }
            begun.note(())
            do {
                try await request.connection.loop.sleep(for: .seconds(3600))
                outcomes.note(false)
            } catch {
                outcomes.note(error is CancellationError && Task.isCancelled)
            }
            return Response()
        }
    }

    @Test("a reset cancels the handler's task at once")
    func reset() async throws {
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let running = try CancellationTests.waiting(begun, outcomes, grace: .seconds(3600))
        let client = try await running.connect()
        try await client.send(CancellationTests.get)
        try await begun.wait(forCount: 1)
        client.socket.reset()
        #expect(try await outcomes.wait(forCount: 1) == [true])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a client that has closed its side has the handler's task cancelled after the grace")
    func closed() async throws {
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let running = try CancellationTests.waiting(begun, outcomes, grace: .milliseconds(1))
        let client = try await running.connect()
        try await client.send(CancellationTests.get)
        try await begun.wait(forCount: 1)
        client.socket.disconnect()
        #expect(try await outcomes.wait(forCount: 1) == [true])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("the tasks of other clients are not cancelled")
    func others() async throws {
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let running = try CancellationTests.waiting(begun, outcomes, grace: .milliseconds(1))
        var clients: [Client] = []
        for _ in 0..<4 {
            let client = try await running.connect()
            try await client.send(CancellationTests.get)
            clients.append(client)
        }
        try await begun.wait(forCount: 4)
        clients[1].socket.reset()
        clients[2].socket.disconnect()
        try await outcomes.wait(forCount: 2)
        try await running.waitForConnections(2)
        #expect(outcomes.entries == [true, true])
        // The end of the server cancels the rest.
        try await running.end()
        #expect(outcomes.entries == [true, true, true, true])
    }

    @Test("a half-closed client still gets its answers, within the grace", arguments: [false, true])
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

    @Test("a client that is gone before its handler waits has the handler's task cancelled all the same")
    func goneBeforeWaiting() async throws {
        let (begun, gate, outcomes) = (Journal<Void>(), Gate(), Journal<Bool>())
        let running = try RunningServer(.test { $0.halfCloseGrace = .seconds(3600) }) { request in
            Response(
                body: ResponseBody { writer in
                    begun.note(())
                    // The loop stands still until the client has gone: only the write finds out.
                    gate.pass()
                    try? await writer.write(Array(repeating: 1, count: 8 << 20))
                    do {
                        try await request.connection.loop.sleep(for: .seconds(3600))
                        outcomes.note(false)
                    } catch {
                        outcomes.note(error is CancellationError)
                    }
                })
        }
        let client = try await running.connect()
        try await client.send(CancellationTests.get)
        try await begun.wait(forCount: 1)
        client.socket.reset()
        gate.open()
        #expect(try await outcomes.wait(forCount: 1) == [true])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a request whose sender had gone before it was accepted, and whom nobody knows, is not served")
    func unknownPeer() async throws {
        let (served, gate) = (Journal<String>(), Gate())
        let running = try RunningServer { request in
            served.note(request.path)
            if request.path == "/wait" { gate.pass() }
            return Response()
        }
        let waiting = try await running.connect()
        try await waiting.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        try await served.wait(forCount: 1)
        // The loop stands still: these wait in the kernel.
        for _ in 0..<3 {
            let client = try await running.connect()
            try await client.send("GET /unknown HTTP/1.1\r\nHost: a\r\n\r\n")
            client.socket.reset()
        }
        gate.open()
        #expect(try await waiting.answer().status == 200)
        try await running.turn()
        #expect(served.entries == ["/wait", "/turn"])
        try await running.waitForConnections(1)
        try await running.end()
    }

    @Test("connections that are made and broken at once leave nothing behind")
    func madeAndBroken() async throws {
        let running = try RunningServer { request in
            // Nobody is served whose address is not known.
            #expect(request.peer.ip != nil)
            return Response()
        }
        for number in 0..<200 {
            let client = try await running.connect()
            if number % 2 == 0 { try await client.send(CancellationTests.get) }
            if number % 3 == 0 { client.socket.reset() }
            client.socket.disconnect()
        }
        try await running.turn()
        try await running.waitForConnections(0)
        try await running.end()
    }
}
