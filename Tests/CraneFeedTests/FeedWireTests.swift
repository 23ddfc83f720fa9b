import Crane
import CraneHTTP
import CraneServer
import CraneTesting
import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite("Feeds over real sockets", .serialized, .timeLimit(.minutes(5)))
struct FeedWireTests {
    @Test("a WebSocket is told where it stands, then what happens, and goes on with its number")
    func webSocket() async throws {
        let running = try RunningFeed()
        running.happen(2)
        let socket = try await running.client.webSocket("/a/live")
        #expect(try await socket.next() == .text(#"{"epoch":"e1","from":2,"head":2}"#))
        running.happen(2)
        #expect(try await socket.next() == .text(message(3)))
        #expect(try await socket.next() == .text(message(4)))
        try await socket.close()
        let again = try await running.client.webSocket("/a/live?after=e1-1")
        #expect(try await again.next() == .text(#"{"epoch":"e1","from":1,"head":4}"#))
        for sequence in 2...4 { #expect(try await again.next() == .text(message(sequence))) }
        try await running.end()
    }

    @Test("an event stream is a response in chunks that goes on where the browser says")
    func eventStream() async throws {
        let running = try RunningFeed()
        running.happen(2)
        let socket = try await running.connect(
            sending: "GET /a/events?after=0 HTTP/1.1\r\nHost: a\r\nLast-Event-ID: e1-1\r\n\r\n")
        let head = try await socket.text(upTo: message(2))
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        for field in [
            "content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no",
            "transfer-encoding: chunked", "connection: close",
        ] { #expect(head.lowercased().contains("\r\n\(field)\r\n"), "\(field)") }
        #expect(head.contains("retry: 1000\nid: e1-1\ndata: {\"epoch\":\"e1\",\"from\":1,\"head\":2}\n\n"))
        #expect(!head.contains(message(1)))
        running.happen()
        #expect(try await socket.text(upTo: "\n\n").contains("id: e1-3\ndata: \(message(3))\n\n"))
        // HEAD is the head alone.
        let other = try await running.connect(
            sending: "HEAD /a/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try await other.text(upTo: nil).hasSuffix("\r\n\r\n"))
        socket.disconnect()
        try await running.end()
    }

    @Test("an event stream of HTTP/1.0 has no chunks")
    func oldEventStream() async throws {
        let running = try RunningFeed()
        running.happen()
        let socket = try await running.connect(sending: "GET /a/events?after=0 HTTP/1.0\r\n\r\n")
        let text = try await socket.text(upTo: message(1))
        #expect(text.contains("\r\n\r\nretry: 1000\nid: e1-0\ndata: {"))
        running.happen()
        #expect(try await socket.text(upTo: "\n\n") == "id: e1-2\ndata: \(message(2))\n\n")
        try await running.end()
    }

    @Test("a long poll is answered with what there is, else with what happens next")
    func longPoll() async throws {
        let running = try RunningFeed { $0.recentEvents = 3 }
        running.happen(5)
        let client = running.client
        let first = try await client.get("/a/changes")
        #expect(first.text == #"[{"epoch":"e1","from":5,"head":5}]"#)
        #expect(first.headers[.cacheControl] == "no-store")
        #expect(try await client.get("/a/changes?after=e1-3").text == "[\(message(4)),\(message(5))]")
        // Out of the history, and no more than was asked for.
        #expect(try await client.get("/a/changes?after=0&limit=2").text == "[\(message(1)),\(message(2))]")
        #expect(try await client.get("/a/changes?after=e1-5&wait=0").text == "[]")
        #expect(
            try await client.get("/a/changes?after=e0-5").text
                == #"[{"epoch":"e1","from":5,"head":5},{"reset":5}]"#)
        #expect(try await client.get("/a/changes?after=9").text.hasSuffix(#"{"reset":5}]"#))
        async let next = client.get("/a/changes?after=e1-5").text
        while running.feed.counters.subscribers == 0 { await Task.yield() }
        running.happen()
        #expect(try await next == "[\(message(6))]")
        #expect(try await client.get("/a/changes?after=e1-5&limit=0").status == .unprocessableContent)
        #expect(running.feed.counters.subscribers == 0)
        try await running.end()
    }

    @Test(
        "a long poll whose history does not answer is told to come back, after ten seconds however long it waits"
    )
    func silentHistory() async throws {
        let running = try RunningFeed { $0.recentEvents = 1 }
        running.happen(3)
        running.happen(3, in: "b")
        for (topic, query) in [("a", "wait=0"), ("b", "wait=25&after=3")] {
            let answer = running.log.fallSilent()
            async let poll = running.client.get("/\(topic)/changes?\(query)")
            try await running.waitForPolls()
            await running.server.skip(.seconds(11))
            let refusal = try await poll
            #expect(refusal.status == .serviceUnavailable && refusal.headers[.retryAfter] == "1")
            answer()
            // The topic is open then, and what has happened is known.
            #expect(try await running.client.get("/\(topic)/changes").text.hasSuffix(#""head":3}]"#))
        }
        // So is one that lies further behind than memory goes.
        let answer = running.log.fallSilent()
        async let poll = running.client.get("/a/changes?after=0")
        try await running.waitForPolls()
        await running.server.skip(.seconds(11))
        #expect(try await poll.status == .serviceUnavailable)
        answer()
        #expect(try await running.client.get("/a/changes?after=0").text.hasPrefix("[\(message(1))"))
        try await running.end()
    }

    @Test("is held by nobody once its server has ended, whoever was subscribed")
    func ended() async throws {
        func held() async throws -> Weak {
            let running = try RunningFeed(workers: 2) { $0.recentEvents = 1 }
            running.happen(2)
            let socket = try await running.client.webSocket("/a/live")
            _ = try await socket.next()
            let stream = try await running.connect(sending: "GET /b/events HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await stream.text(upTo: "head")
            async let poll = running.client.get("/a/changes?after=2")
            // One that is given the history's events, and then one that was published meanwhile.
            let answer = running.log.fallSilent()
            let reader = try await running.client.webSocket("/a/live?after=0")
            try await running.waitForPolls(4)
            running.happen()
            answer()
            // A task that came back to a loop that has ended would go no further, and keep what it holds.
            for _ in 0...3 { _ = try await reader.next() }
            while running.feed.counters.readers > 0 { await Task.yield() }
            try await running.end()
            _ = try? await poll
            return Weak(running.feed, running.server)
        }
        let held = try await held()
        // What a task holds goes with its last step.
        while held.feed != nil || held.server != nil {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private struct Weak {
        weak var feed: Feed<String>?
        weak var server: Server?

        init(_ feed: Feed<String>, _ server: Server) {
            self.feed = feed
            self.server = server
        }
    }

    @Test("every loop's subscribers are told", arguments: [2])
    func loops(workers: Int) async throws {
        let running = try RunningFeed(workers: workers)
        var sockets: [TestWebSocket] = []
        for _ in 0..<16 {
            let socket = try await running.client.webSocket("/a/live")
            _ = try await socket.next()
            sockets.append(socket)
        }
        for _ in 0..<10 { running.happen() }
        for socket in sockets {
            for sequence in 1...10 { #expect(try await socket.next() == .text(message(sequence))) }
        }
        try await running.end()
    }

    @Test("compressed messages are told apart from others by each client's handshake")
    func compressed() async throws {
        let running = try RunningFeed()
        let request = """
            GET /a/live?after=0 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n
            """
        let socket = try await running.connect(sending: request)
        let head = try await socket.text(upTo: "}")
        let field = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(head.lowercased().contains("sec-websocket-extensions: \(field)"))
        running.happen(length: 3000)
        let frame = try await socket.receive()
        #expect(frame.first == 0xC1 && frame.count < 200)
        try await running.end()
    }

    @Test(
        "a client that reads late has missed nothing, though memory did not go back so far",
        arguments: [true, false])
    func lateReader(isWebSocket: Bool) async throws {
        let running = try RunningFeed { $0.recentEvents = 16 }
        let request =
            isWebSocket
            ? """
            GET /a/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
            """ : "GET /a/events HTTP/1.0\r\n\r\n"
        let socket = try await running.connect(sending: request, receiveBuffer: 4096)
        _ = try await socket.text(upTo: "\"head\":0}")
        // Far more than the system keeps for both sides, beside a client that reads.
        let other = try await running.client.webSocket("/a/live")
        _ = try await other.next()
        for sequence in 1...600 {
            running.happen(length: 16_000)
            guard case .text(let text)? = try await other.next() else { throw Trouble("no text") }
            #expect(text.hasPrefix("{\"seq\":\(sequence),"))
        }
        running.happen(in: "a")
        let text = try await socket.text(upTo: "{\"seq\":601,\"prev\":600,\"n\":601}")
        let numbers = text.split(separator: "{\"seq\":").dropFirst(text.hasPrefix("{") ? 0 : 1).compactMap {
            Int($0.prefix { $0.isNumber })
        }
        #expect(numbers == Array(1...601))
        try await running.end()
    }

    @Test("fifty clients that never read cost no memory, and hold up nobody")
    func neverRead() async throws {
        let running = try RunningFeed { $0.recentBytes = 64 << 10 }
        var silent: [RawSocket] = []
        for _ in 0..<50 {
            silent.append(
                try await running.connect(sending: "GET /a/events HTTP/1.0\r\n\r\n", receiveBuffer: 4096))
        }
        let reader = try await running.client.webSocket("/a/live")
        _ = try await reader.next()
        while running.feed.counters.subscribers < 51 { await Task.yield() }
        let before = try heldBytes()
        for sequence in 1...1500 {
            running.happen(length: 3000)
            // What is kept for the test itself is let go.
            running.log.trim(to: max(0, sequence - 100))
            guard case .text(let text)? = try await reader.next() else { throw Trouble("no text") }
            #expect(text.hasPrefix("{\"seq\":\(sequence),"))
        }
        // Of 225 MB that are for them the system takes a few hundred KiB each, and nobody writes to them after that.
        #expect(running.feed.counters.deliveries < 1500 + 50 * 300)
        #expect(try heldBytes() - before < 64 << 20)
        withExtendedLifetime(silent) {}
        try await running.end()
    }

    @Test("subscribers beyond the bound are refused with 503 and told when to come back")
    func bounds() async throws {
        let running = try RunningFeed { $0.maximumSubscribers = 2 }
        let sockets = [
            try await running.client.webSocket("/a/live"), try await running.client.webSocket("/a/live"),
        ]
        for socket in sockets { _ = try await socket.next() }
        await #expect(throws: WebSocketRefusal.self) { try await running.client.webSocket("/a/live") }
        let refusal = try await running.client.get("/a/events")
        #expect(refusal.status == .serviceUnavailable && refusal.headers[.retryAfter] != nil)
        #expect(running.feed.counters.refusals == 2)
        try await running.end()
        let hasty = try RunningFeed {
            $0.subscriptionsAtOnce = 1
            $0.subscriptionsPerSecond = 1
        }
        _ = try await hasty.client.webSocket("/a/live")
        #expect(try await hasty.client.get("/a/events").status == .serviceUnavailable)
        try await hasty.end()
    }

    @Test("what the route refuses is refused before anything is subscribed")
    func refusals() async throws {
        let running = try RunningFeed()
        await #expect(throws: WebSocketRefusal.self) { try await running.client.webSocket("/none/live") }
        #expect(try await running.client.get("/none/events").status == .notFound)
        #expect(try await running.client.get("/much-too-long/changes").status == .unprocessableContent)
        #expect(running.log.pages.isEmpty)
        try await running.end()
    }

    @Test("a graceful shutdown ends all of them in good order")
    func drain() async throws {
        let running = try RunningFeed()
        let socket = try await running.client.webSocket("/a/live")
        _ = try await socket.next()
        let stream = try await running.connect(sending: "GET /a/events HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await stream.text(upTo: "head")
        async let poll = running.client.get("/a/changes?after=0").text
        while running.feed.counters.subscribers < 3 { await Task.yield() }
        running.server.shutdown(restarts: true)
        #expect(try await socket.next() == nil)
        #expect(socket.closeCode == .serviceRestart)
        #expect(try await stream.text(upTo: nil).hasSuffix("retry: 0\n\n\r\n0\r\n\r\n"))
        #expect(try await poll == "[]")
        await running.server.waitUntilStopped()
        #expect(running.feed.counters.subscribers == 0)
    }

    @Test("in memory a WebSocket and a poll are told as over sockets")
    func inMemory() async throws {
        let log = Log()
        var options = FeedOptions()
        options.beat = .seconds(3600)
        let feed = Feed(history: log, options: options)
        let client = TestClient(RunningFeed.app(feed, Logger(label: "test")))
        let socket = try await client.webSocket("/a/live?after=0")
        #expect(try await socket.next() == .text(#"{"epoch":"e1","from":0,"head":0}"#))
        feed.publish(log.write())
        #expect(try await socket.next() == .text(message(1)))
        #expect(try await client.get("/a/changes?after=0").text == "[\(message(1))]")
        try await socket.close()
        #expect(socket.closeCode == .normal)
    }

    @Test("are in the OpenAPI document with what they take and answer, but for WebSockets")
    func openAPI() async throws {
        let client = TestClient(RunningFeed.app(Feed(history: Log()), Logger(label: "test")))
        let document = try await client.get("/openapi.json").json()
        let paths = try #require(document["paths"])
        #expect(paths["/{topic}/live"] == nil)
        let stream = try #require(paths["/{topic}/events"]?["get"])
        #expect(stream["responses"]?["200"]?["content"]?["text/event-stream"] != nil)
        let poll = try #require(paths["/{topic}/changes"]?["get"])
        guard case .array(let parameters)? = poll["parameters"] else { throw Trouble("no parameters") }
        let names: [JSONValue] = parameters.compactMap { $0["name"] }
        #expect(Set(names) == ["topic", "after", "limit", "wait", "Last-Event-ID"])
    }
}
