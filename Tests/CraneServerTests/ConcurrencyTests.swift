import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

@Suite("Many requests at once", .serialized, .timeLimit(.minutes(5)))
struct ConcurrencyTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("handlers of one loop that wait do so side by side, and are answered as they end")
    func sideBySide() async throws {
        let latches = [Latch(), Latch(), Latch()]
        let begun = Journal<String>()
        let running = try RunningServer { request in
            begun.note(request.path)
            if let number = Int(request.path.dropFirst()) { try? await latches[number].pass() }
            return Response(body: ResponseBody(request.path))
        }
        var clients: [Client] = []
        for number in 0..<3 {
            let client = try await running.connect()
            try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
        }
        try await begun.wait(forCount: 3)
        for number in [1, 2, 0] {
            latches[number].open()
            #expect(try await clients[number].answer().text == "/\(number)")
        }
        // Their tasks are over: the same connections serve on.
        for client in clients { #expect(try await client.get("/again").text == "/again") }
        try await running.end()
    }

    @Test("one connection that waits delays no other")
    func othersGoOn() async throws {
        let latch = Latch()
        let running = try RunningServer { request in
            if request.path == "/waits" { try? await latch.pass() }
            return Response(body: ResponseBody(request.path))
        }
        let waiting = try await running.connect()
        try await waiting.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n")
        let others = try await running.connect()
        for _ in 0..<50 { #expect(try await others.get("/quick").text == "/quick") }
        latch.open()
        #expect(try await waiting.answer().text == "/waits")
        try await running.end()
    }

    @Test("requests that arrive in one turn are all served, whichever of them wait")
    func mixedTurn() async throws {
        let running = try RunningServer { request in
            if request.path.hasSuffix("1") { await Task.yield() }
            if request.path.hasSuffix("2") { try? await request.connection.loop.sleep(for: .milliseconds(1)) }
            if request.path.hasSuffix("3") { _ = try? await request.connection.loop.blocking {} }
            if request.path.hasSuffix("4") { _ = try? await onThread {} }
            return Response(body: ResponseBody(request.path))
        }
        var clients: [Client] = []
        for _ in 0..<30 { clients.append(try await running.connect()) }
        for round in 0..<10 {
            for (number, client) in clients.enumerated() {
                let paths = (0..<3).map { "/\(round)/\(number)/\((number + $0) % 6)" }
                try await client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            }
            for (number, client) in clients.enumerated() {
                for step in 0..<3 {
                    #expect(try await client.answer().text == "/\(round)/\(number)/\((number + step) % 6)")
                }
            }
        }
        try await running.end()
    }

    @Test("many clients that mix everything get every response", arguments: [1, 3])
    func load(workers: Int) async throws {
        let running = try RunningServer(.test { $0.workers = workers }) { request in
            let body = (try? await request.body.collect()) ?? []
            switch request.path {
            case "/wait": try? await request.connection.loop.sleep(for: .milliseconds(1))
            case "/block": _ = try? await request.connection.loop.blocking {}
            case "/stream":
                return Response(
                    body: ResponseBody { writer in
                        for byte in body { try await writer.write([byte]) }
                    })
            default: break
            }
            return Response(body: ResponseBody(body))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask {
                    var client = try await running.connect()
                    for round in 0..<40 {
                        let path = ["/", "/wait", "/block", "/stream"][(number + round) % 4]
                        let body = "\(number)-\(round)"
                        #expect(try await client.post(path, body).text == body)
                        if round % 10 == 9 { client = try await running.connect() }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await running.end()
    }

    @Test("several loops share one port and each serves")
    func workers() async throws {
        let running = try RunningServer(.test { $0.workers = 2 }) { request in
            Response(body: ResponseBody("\(request.connection.loop.index)"))
        }
        var seen: Set<String> = []
        var clients: [Client] = []
        while seen.count < 2 {
            try #require(clients.count < 200)
            let client = try await running.connect()
            clients.append(client)
            let index = try await client.get("/").text
            seen.insert(index)
            // A connection stays with its loop.
            #expect(try await client.get("/").text == index)
        }
        #expect(seen == ["0", "1"])
        #expect(running.server.connectionCount == clients.count)
        try await running.end()
    }

    @Test(
        "work after the response begins when the response has left, and the next request need not wait for it"
    )
    func afterSend() async throws {
        let (latch, done) = (Latch(), Journal<String>())
        let running = try RunningServer { request in
            var response = Response(body: ResponseBody(request.path))
            if request.path == "/work" {
                response.afterSend = {
                    try? await latch.pass()
                    done.note("done")
                }
            }
            return response
        }
        let client = try await running.connect()
        #expect(try await client.get("/work").text == "/work")
        #expect(done.entries.isEmpty)
        #expect(try await client.get("/next").text == "/next")
        latch.open()
        try await done.wait(forCount: 1)
        try await running.end()
    }

    @Test("work after the response is done even when nobody is left to answer, and after a stream")
    func afterSendAlways() async throws {
        let (latch, begun, done) = (Latch(), Journal<Void>(), Journal<String>())
        let running = try RunningServer { request in
            let path = request.path
            begun.note(())
            if path == "/gone" { try? await latch.pass() }
            var response =
                path == "/stream"
                ? Response(body: ResponseBody { try await $0.write("streamed") }) : Response()
            response.afterSend = { done.note(path) }
            return response
        }
        let client = try await running.connect()
        #expect(try await client.get("/stream").text == "streamed")
        try await client.send("GET /gone HTTP/1.1\r\nHost: a\r\n\r\n")
        try await begun.wait(forCount: 2)
        client.socket.reset()
        try await running.waitForConnections(0)
        latch.open()
        #expect(try await done.wait(forCount: 2) == ["/stream", "/gone"])
        try await running.end()
    }

    @Test("a full worker pool is told to the handler as such; its results and errors are the work's")
    func blocking() async throws {
        struct Broken: Error {}
        let running = try RunningServer { request in
            do {
                let isHere = try await request.connection.loop.blocking { 6 * 7 }
                _ = try await request.connection.loop.blocking { throw Broken() }
                return Response(body: ResponseBody("\(isHere)"))
            } catch {
                return Response(body: ResponseBody("\(error is Broken)"))
            }
        }
        let client = try await running.connect()
        #expect(try await client.get("/").text == "true")
        try await running.end()
    }
}
