import CraneHTTP
import CraneServer
import Glibc
import HTTPTypes
import Logging
import TestSupport
import Testing

@Suite("The end of a server", .serialized, .timeLimit(.minutes(5)))
struct ShutdownTests {
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("connections that idle are closed at once, and the server ends")
    func idle() async throws {
        let running = try RunningServer(.test { $0.workers = 2 }) { _ in Response() }
        var clients: [Client] = []
        for _ in 0..<10 {
            let client = try await running.connect()
            _ = try await client.get("/")
            clients.append(client)
        }
        running.server.shutdown()
        for client in clients { #expect(try await client.isAtEnd()) }
        try await running.waitForEnd()
    }

    @Test("a request that is being served is answered, the last on its connection")
    func running() async throws {
        let (latch, begun) = (Latch(), Journal<Void>())
        let running = try RunningServer { request in
            guard request.path == "/" else { return Response() }
            begun.note(())
            try? await latch.pass()
            return Response(body: ResponseBody("finished"))
        }
        let client = try await running.connect()
        try await client.send(ShutdownTests.get)
        try await begun.wait(forCount: 1)
        running.server.shutdown()
        // Soon there are no new connections: one that was accepted before has its response and ends, another is reset.
        while let late = try? await running.connect(sending: "GET /late HTTP/1.1\r\nHost: a\r\n\r\n") {
            guard let answer = try? await late.answer() else { continue }
            #expect(answer.status == 200)
            #expect((try? await late.isAtEnd()) != false)
        }
        #expect(running.ended.entries.isEmpty)
        latch.open()
        let answer = try await client.answer()
        #expect(answer.text == "finished")
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForEnd()
    }

    @Test("a request that had reached the kernel on an idle connection is answered", arguments: [1, 2])
    func unread(workers: Int) async throws {
        let (begun, gate) = (Journal<Void>(), Gate())
        let running = try RunningServer(.test { $0.workers = workers }) { request in
            if request.path == "/stop" {
                begun.note(())
                // The loop stands still.
                gate.pass()
            }
            return Response(body: ResponseBody(request.path))
        }
        var idle: [Client] = []
        for _ in 0..<20 {
            let client = try await running.connect()
            _ = try await client.get("/")
            idle.append(client)
        }
        // All loops, most likely, when there are two.
        var stopping: [Client] = []
        for _ in 0..<(workers == 1 ? 1 : 8) {
            let client = try await running.connect()
            try await client.send("GET /stop HTTP/1.1\r\nHost: a\r\n\r\n")
            stopping.append(client)
        }
        try await begun.wait(forCount: 1)
        for client in idle { try await client.send("GET /last HTTP/1.1\r\nHost: a\r\n\r\n") }
        running.server.shutdown()
        gate.open()
        for client in idle { #expect(try await client.answer().text == "/last") }
        for client in stopping { #expect(try await client.answer().text == "/stop") }
        for client in idle + stopping { client.socket.disconnect() }
        try await running.waitForEnd()
    }

    @Test("a connection that was opened just before may still send its request")
    func fresh() async throws {
        let running = try RunningServer { _ in Response(body: ResponseBody("served")) }
        let client = try await running.connect()
        try await running.waitForConnections(1)
        // It has a second for it, which must not be lost between the two.
        try await onThread {
            running.server.shutdown()
            try client.socket.sendNow(Array(ShutdownTests.get.utf8))
        }
        let answer = try await client.answer()
        #expect(answer.text == "served")
        #expect(answer.closes)
        client.socket.disconnect()
        try await running.waitForEnd()
    }

    @Test("a streamed response and a body that is being read are finished")
    func streams() async throws {
        let (latch, begun) = (Latch(), Journal<Void>())
        let running = try RunningServer { request in
            begun.note(())
            guard request.path == "/stream" else {
                let body = (try? await request.body.collect()) ?? []
                return Response(body: ResponseBody(body))
            }
            return Response(
                body: ResponseBody { writer in
                    try await writer.write("begun ")
                    try await latch.pass()
                    try await writer.write("finished")
                })
        }
        let (reader, sender) = (try await running.connect(), try await running.connect())
        try await reader.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        try await sender.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        try await begun.wait(forCount: 2)
        running.server.shutdown()
        latch.open()
        try await sender.send("def")
        #expect(try await sender.answer().text == "abcdef")
        #expect(try await reader.answer().text == "begun finished")
        #expect(try await reader.isAtEnd())
        reader.socket.disconnect()
        sender.socket.disconnect()
        try await running.waitForEnd()
    }

    @Test("a stream without an end of its own hears of the shutdown, and ends whole", arguments: [1, 2])
    func endlessStream(workers: Int) async throws {
        let begun = Journal<Void>()
        let running = try RunningServer(.test { $0.workers = workers }) { request in
            let loop = request.connection.loop
            return Response(
                body: ResponseBody { writer in
                    try await writer.write("\(loop.isDraining) ")
                    begun.note(())
                    // From a task that is not the loop's, too.
                    let elsewhere = Task.detached { try await loop.untilDraining() }
                    try await loop.untilDraining()
                    try await elsewhere.value
                    try await writer.write("\(loop.isDraining)")
                    // What asks later is not held up.
                    try await loop.untilDraining()
                })
        }
        var clients: [Client] = []
        for _ in 0..<4 {
            clients.append(try await running.connect(sending: ShutdownTests.get))
        }
        try await begun.wait(forCount: 4)
        running.server.shutdown()
        for client in clients {
            #expect(try await client.answer().text == "false true")
            #expect(try await client.isAtEnd())
            client.socket.disconnect()
        }
        try await running.waitForEnd()
    }

    @Test("a client that goes ends the wait for the shutdown")
    func endlessStreamLeft() async throws {
        let outcomes = Journal<String>()
        let running = try RunningServer { request in
            let loop = request.connection.loop
            return Response(
                body: ResponseBody { writer in
                    try await writer.write("begun")
                    do {
                        try await loop.untilDraining()
                    } catch {
                        outcomes.note("\(type(of: error)) \(loop.isDraining)")
                        throw error
                    }
                })
        }
        let client = try await running.connect(sending: ShutdownTests.get)
        _ = try await client.socket.receive()
        client.socket.reset()
        try await outcomes.wait(forCount: 1)
        #expect(outcomes.entries == ["CancellationError false"])
        try await running.end()
    }

    @Test("a response that waits for its client is not cut")
    func slowReader() async throws {
        let size = 32 << 20
        let running = try RunningServer { request in
            Response(body: request.path == "/turn" ? .empty : ResponseBody(Array(repeating: 1, count: size)))
        }
        let client = try await running.connect()
        try await client.send(ShutdownTests.get)
        try await running.turn()
        running.server.shutdown()
        let answer = try await client.answer()
        #expect(answer.body.count == size)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForEnd()
    }

    @Test("a response that waits for its client is not cut when its request body was thrown away first")
    func slowReaderBehindBody() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        // More than a Unix socket takes at once, less than what makes the next request wait.
        let size = 250_000
        let running = try RunningServer(.test { $0.addresses = [.unix(path)] }) { request in
            Response(body: request.path == "/turn" ? .empty : ResponseBody(Array(repeating: 1, count: size)))
        }
        func turn() async throws {
            let other = Client(try await RawSocket(unixPath: path))
            #expect(try await other.get("/turn").status == 200)
        }
        let client = Client(try await RawSocket(unixPath: path))
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        try await turn()
        try await client.send("def")
        try await turn()
        running.server.shutdown()
        #expect(try await client.answer().body.count == size)
        #expect(try await client.isAtEnd())
        client.socket.disconnect()
        try await running.waitForEnd()
    }
}
