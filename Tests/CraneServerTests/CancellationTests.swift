import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

@Suite("Clients that go", .serialized, .timeLimit(.minutes(5)))
struct CancellationTests {
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A server whose handler waits an hour; `outcomes` hears whether it was cancelled.
    static func waiting(
        _ begun: Journal<Void>, _ outcomes: Journal<Bool>, _ configuration: ServerConfiguration
    ) throws -> RunningServer {
        try RunningServer(configuration) { request in
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
        let running = try CancellationTests.waiting(
            begun, outcomes, .test { $0.halfCloseGrace = .seconds(3600) })
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
        let running = try CancellationTests.waiting(begun, outcomes, .test { _ in })
        let client = try await running.connect()
        try await client.send(CancellationTests.get)
        try await begun.wait(forCount: 1)
        client.socket.disconnect()
        try await running.turn()
        await running.pass(.seconds(28))
        #expect(outcomes.entries.isEmpty)
        await running.pass(.seconds(1))
        #expect(try await outcomes.wait(forCount: 1) == [true])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("the tasks of other clients are not cancelled")
    func others() async throws {
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let running = try CancellationTests.waiting(begun, outcomes, .test { _ in })
        var clients: [Client] = []
        for _ in 0..<4 {
            let client = try await running.connect()
            try await client.send(CancellationTests.get)
            clients.append(client)
        }
        try await begun.wait(forCount: 4)
        clients[1].socket.reset()
        clients[2].socket.disconnect()
        try await running.turn()
        await running.pass(.seconds(30))
        try await outcomes.wait(forCount: 2)
        try await running.waitForConnections(2)
        #expect(outcomes.entries == [true, true])
        // The end of the server cancels the rest.
        try await running.end()
        #expect(outcomes.entries == [true, true, true, true])
    }

    @Test("the end of a Unix socket's other side is seen within the grace, as a reset is")
    func closedUnixSocket() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let path = scratch.path + "/socket"
        let running = try CancellationTests.waiting(
            begun, outcomes, .test { ($0.addresses, $0.halfCloseGrace) = ([.unix(path)], .seconds(3600)) })
        let client = Client(try await RawSocket(unixPath: path))
        try await client.send(CancellationTests.get)
        try await begun.wait(forCount: 1)
        client.socket.disconnect()
        try await running.pass(.seconds(1)) { !outcomes.entries.isEmpty }
        #expect(outcomes.entries == [true])
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
