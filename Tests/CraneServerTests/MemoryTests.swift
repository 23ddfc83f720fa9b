import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

@Suite("What all clients together may have held", .serialized, .timeLimit(.minutes(5)))
struct MemoryTests {
    private static let size = 1 << 20
    /// More than the system's buffers take.
    private static let long = 16 << 20

    /// `/big` gives a long response, `/collect` takes a megabyte.
    private static func server(
        holds bytes: Int, _ change: @escaping (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try RunningServer(
            .test {
                $0.maximumHeldBytes = bytes
                change(&$0)
            }
        ) { request in
            if request.path == "/big" {
                return Response(body: ResponseBody(Array(repeating: 120, count: long)))
            }
            do {
                return Response(body: ResponseBody("\(try await request.body.collect(upTo: size).count)"))
            } catch RequestBodyError.overloaded {
                return Response(status: .serviceUnavailable)
            } catch {
                return Response(status: .internalServerError)
            }
        }
    }

    /// Connects a client that does not read, and whose system takes next to nothing for it.
    private func deafClient(_ running: RunningServer, asking text: String) async throws -> Client {
        let client = Client(try await RawSocket(port: running.port, receiveBuffer: 4096))
        try await client.send(text)
        return client
    }

    @Test("long responses that nobody reads are 503 beyond the budget, and go out again when there is room")
    func answers() async throws {
        let running = try MemoryTests.server(holds: 5 * MemoryTests.long / 2)
        var deaf: [Client] = []
        for _ in 0..<5 {
            deaf.append(try await deafClient(running, asking: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"))
        }
        let client = try await running.connect()
        try await running.refusals.wait { $0.count >= 3 }
        #expect(try await client.get("/big").status == 503)
        // Everything that is short goes on, on the same connection.
        #expect(try await client.post("/collect", "abc").text == "3")
        #expect(running.refusals.entries.contains { $0.hasSuffix(" GET /big 503") })
        for client in deaf { client.socket.disconnect() }
        try await running.waitForConnections(1)
        #expect(try await client.get("/big").body.count == MemoryTests.long)
        try await running.end()
    }

    @Test("bodies that are being collected are 503 beyond the budget", arguments: [false, true])
    func bodies(isChunked: Bool) async throws {
        let running = try MemoryTests.server(holds: 2 * MemoryTests.size)
        let body = String(repeating: "x", count: MemoryTests.size)
        let head =
            isChunked
            ? "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count - 1, radix: 16))\r\n"
            : "Content-Length: \(body.utf8.count)\r\n\r\n"
        var stalled: [Client] = []
        var refused = 0
        for _ in 0..<4 {
            let client = try await running.connect()
            try? await client.send("POST /collect HTTP/1.1\r\nHost: a\r\n" + head + body.dropLast())
            try await running.turn()
            stalled.append(client)
        }
        for client in stalled.dropFirst(2) {
            if try await client.answer().status == 503 { refused += 1 }
        }
        #expect(refused > 0)
        for client in stalled { client.socket.disconnect() }
        try await running.waitForConnections(0)
        #expect(try await running.connect().post("/collect", body).text == "\(MemoryTests.size)")
        try await running.end()
    }

    @Test("what is held is given back when the clients have gone")
    func givenBack() async throws {
        let load = Journal<ServerLoad>()
        let running = try RunningServer(.test { _ in }) { request in
            load.note(request.connection.load)
            if request.path == "/big" {
                return Response(body: ResponseBody(Array(repeating: 120, count: MemoryTests.long)))
            }
            return Response(body: ResponseBody("\((try? await request.body.collect())?.count ?? -1)"))
        }
        let deaf = try await deafClient(running, asking: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        let half = try await running.connect(
            sending: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n"
                + String(repeating: "x", count: 200_000))
        let head = try await running.connect(
            sending: "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 20_000))")
        try await load.wait(forCount: 2)
        try await running.turn()
        let memory = load.entries[0].memory
        #expect(memory.held > 200_000)
        deaf.socket.disconnect()
        half.socket.disconnect()
        head.socket.disconnect()
        try await running.waitForConnections(0)
        #expect(memory.held == 0)
        // And by those that were answered.
        let client = try await running.connect()
        #expect(try await client.get("/big").body.count == MemoryTests.long)
        #expect(try await client.post("/", String(repeating: "x", count: 200_000)).text == "200000")
        try await running.turn()
        #expect(memory.held == 0)
        try await running.end()
    }

    @Test("a client that reads, but too slowly, is given up")
    func slowReader() async throws {
        let running = try RunningServer(.test { $0.minimumResponseRate = 1 << 30 }) { request in
            guard request.path != "/turn" else { return Response() }
            return Response(body: ResponseBody { try await $0.write(Array(repeating: 1, count: 64 << 20)) })
        }
        let client = try await running.connect(sending: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        // It takes something in each term, which alone would keep it.
        var read = 0
        repeat {
            try await running.turn()
            await running.pass(.seconds(60))
            read += (try? await client.socket.receive(count: 1 << 20).count) ?? 0
        } while running.server.connectionCount > 0
        #expect(read < 64 << 20)
        try await running.end()
    }

    @Test("one address may not have all connections; proxies and Unix sockets may")
    func connectionsPerAddress() async throws {
        let running = try RunningServer(
            .test {
                $0.maximumConnectionsPerAddress = 2
                $0.hasManyConnections = { _ in false }
            }
        ) { _ in Response(body: ResponseBody("served")) }
        let first = try await running.connect()
        let second = try await running.connect()
        #expect(try await first.get("/").text == "served")
        #expect(try await second.get("/").text == "served")
        let third = try await running.connect()
        let answer = try await third.answer()
        #expect(answer.status == 503)
        #expect(answer["retry-after"] == "1")
        third.socket.disconnect()
        second.socket.disconnect()
        try await running.waitForConnections(1)
        #expect(try await running.connect().get("/").text == "served")
        try await running.end()
    }
}
