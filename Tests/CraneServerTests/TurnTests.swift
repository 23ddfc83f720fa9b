import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

/// No handler here waits: what others get of the loop, they get between two requests.
@Suite("Turns of a loop", .serialized, .timeLimit(.minutes(5)))
struct TurnTests {
    /// Answers `path`s, and holds the loop at the first `/many` until the gate is open.
    ///
    /// - Parameter isReady: whether the responses are ready, or made in a task.
    private static func server(
        share: Duration, isReady: Bool = false, gate: Gate, begun: Journal<Void>, served: Journal<String>
    ) throws -> RunningServer {
        try RunningServer.synchronous(.test { $0.turnShare = share }) { request in
            let respond = { @Sendable in
                served.note(request.path)
                if request.path == "/many", begun.entries.isEmpty {
                    begun.note(())
                    gate.pass()
                }
                return Response(body: ResponseBody(request.path))
            }
            return isReady ? .ready(respond()) : .pending { respond() }
        }
    }

    /// Has one connection send `count` requests at once, and an honest client one when the first of them is being served;
    /// says how many of the many were served before that one.
    private func servedBeforeHonest(
        _ method: String, _ count: Int, share: Duration, isReady: Bool
    ) async throws -> Int {
        let (gate, begun, served) = (Gate(), Journal<Void>(), Journal<String>())
        let running = try TurnTests.server(
            share: share, isReady: isReady, gate: gate, begun: begun, served: served)
        let honest = try await running.connect()
        _ = try await honest.get("/before")
        let client = try await running.connect()
        try await client.send(
            String(repeating: "\(method) /many HTTP/1.1\r\nHost: a\r\n\r\n", count: count))
        try await begun.wait(forCount: 1)
        try await honest.send("GET /honest HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.open()
        #expect(try await honest.answer().text == "/honest")
        for _ in 0..<count { #expect(try await client.answer(isHead: method == "HEAD").status == 200) }
        try await running.end()
        let order = served.entries
        #expect(order.count { $0 == "/many" } == count)
        return order.prefix { $0 != "/honest" }.count { $0 == "/many" }
    }

    @Test(
        "a thousand requests of one connection let another one's be served between them",
        arguments: [false, true])
    func thousandHeads(isReady: Bool) async throws {
        #expect(try await servedBeforeHonest("HEAD", 1000, share: .seconds(3600), isReady: isReady) <= 128)
    }

    @Test("where each request takes a turn's share, another connection's is next", arguments: [false, true])
    func slowHandlers(isReady: Bool) async throws {
        #expect(try await servedBeforeHonest("GET", 200, share: .zero, isReady: isReady) == 1)
    }

    @Test("connections that have more to be served come behind those that have just sent something")
    func manyGreedy() async throws {
        let (gate, begun, served) = (Gate(), Journal<Void>(), Journal<String>())
        let running = try TurnTests.server(share: .zero, gate: gate, begun: begun, served: served)
        let honest = try await running.connect()
        _ = try await honest.get("/before")
        var greedy: [Client] = []
        for _ in 0..<8 { greedy.append(try await running.connect()) }
        for client in greedy {
            try await client.send(String(repeating: "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", count: 20))
        }
        try await begun.wait(forCount: 1)
        try await honest.send("GET /honest HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.open()
        #expect(try await honest.answer().text == "/honest")
        for client in greedy {
            for _ in 0..<20 { #expect(try await client.answer().text == "/many") }
        }
        try await running.end()
        // Not behind the second request of any.
        #expect(served.entries.prefix { $0 != "/honest" }.count { $0 == "/many" } <= 8)
    }

    @Test("a client that has gone is not served to the last of its requests", arguments: [false, true])
    func goneClient(isReady: Bool) async throws {
        let (gate, begun, served) = (Gate(), Journal<Void>(), Journal<String>())
        let running = try TurnTests.server(
            share: .zero, isReady: isReady, gate: gate, begun: begun, served: served)
        let client = try await running.connect(
            sending: String(repeating: "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000))
        try await begun.wait(forCount: 1)
        client.socket.disconnect()
        gate.open()
        try await running.waitForConnections(0)
        try await running.end()
        #expect(served.entries.count < 10)
    }

    @Test("requests whose handlers wait, pipelined, keep their order over many turns")
    func orderOverTurns() async throws {
        let running = try RunningServer(.test { $0.turnShare = .zero }) { request in
            if request.path.hasSuffix("3") { await Task.yield() }
            if request.path.hasSuffix("7") { try? await request.connection.loop.sleep(for: .milliseconds(1)) }
            let body = (try? await request.body.collect()) ?? []
            return Response(body: ResponseBody(Array(request.path.utf8) + body))
        }
        let client = try await running.connect()
        try await client.send(
            (0..<300).map { number in
                "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n:)"
            }.joined())
        for number in 0..<300 { #expect(try await client.answer().text == "/\(number):)") }
        try await running.end()
    }

    @Test("a producer that never waits lets others have their turn between its writes")
    func busyProducer() async throws {
        let (gate, begun) = (Gate(), Journal<Void>())
        let (honestIsServed, told) = (Counter(), Journal<Int>())
        let running = try RunningServer(.test { $0.turnShare = .zero }) { request in
            guard request.path == "/stream" else {
                honestIsServed.increment()
                return Response()
            }
            return Response(
                body: ResponseBody { writer in
                    begun.note(())
                    gate.pass()
                    for number in 0..<1000 {
                        if honestIsServed.value > 0 { return told.note(number) }
                        try await writer.write([120])
                    }
                    told.note(1000)
                })
        }
        let honest = try await running.connect()
        let client = try await running.connect(sending: "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        try await begun.wait(forCount: 1)
        try await honest.send("GET /honest HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.open()
        _ = try await honest.answer()
        #expect(try await told.wait(forCount: 1)[0] < 10)
        _ = try await client.answer()
        try await running.end()
    }
}
