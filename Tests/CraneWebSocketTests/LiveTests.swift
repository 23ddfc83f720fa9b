import Crane
import CraneHTTP
import CraneServer
import Glibc
import Logging
import TestSupport
import Testing

@Suite("WebSockets over real sockets", .timeLimit(.minutes(5)))
struct LiveTests {
    private let notes = Notes()
    private let server: Server
    private let responder: AppResponder
    private let port: Int

    init() throws {
        var app = App(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let notes = notes
        // A slow machine takes longer over a large message, and its pings would come between the echoes.
        var silent = WebSocketOptions()
        silent.pingInterval = nil
        app.webSocket("/echo", options: silent) { socket, _ in
            for await message in socket { try await socket.send(message) }
            notes.add("\(socket.closeCode?.rawValue ?? 0)")
        }
        app.webSocket("/flood") { socket, _ in
            let message = WebSocket.Message.binary(Array(repeating: 7, count: 64 << 10))
            while socket.post(message) {}
            notes.add("dropped \(socket.closeCode?.rawValue ?? 0)")
        }
        app.webSocket("/held/{name}") { socket, context in
            context.holdLoop()
            try await socket.send("first")
            for await _ in socket {
                context.holdLoop()
                try await socket.send("then")
            }
        }
        app.webSocket("/stream") { socket, _ in
            let bytes = Array(repeating: UInt8(7), count: 64 << 10)
            do {
                while true { try await socket.send(bytes) }
            } catch {
                notes.add("\(error)")
            }
        }
        app.webSocket("/elsewhere") { socket, context in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<4 {
                    group.addTask(executorPreference: globalConcurrentExecutor) {
                        for number in 0..<500 { try await socket.send("\(sender) \(number)") }
                    }
                }
                for number in 0..<500 { try await socket.send("4 \(number)") }
                try await group.waitForAll()
            }
        }
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        configuration.workers = 2
        configuration.blockedLoopThreshold = .milliseconds(20)
        responder = app.build()
        server = Server(
            responder: responder, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard case .host(_, let port) = try server.start().first else { throw LiveClient.Failure() }
        self.port = port
    }

    /// Ends the server in good order and waits for that.
    private func end() async throws {
        server.shutdown()
        try await onThread { [server] in server.blockUntilStopped() }
        #expect(server.connectionCount == 0)
    }

    @Test("bring back what came behind the handshake, and messages of any size")
    func echo() async throws {
        let client = try await LiveClient(port: port, path: "/echo", frames: [.text("early"), .ping("p")])
        #expect(try await client.next() == .pong)
        #expect(try await client.next() == .text("early"))
        for count in [0, 125, 126, 65_535, 65_536, 200_000, 3_000_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            async let sending: Void = client.send(.binary(bytes))
            #expect(try await client.next() == .binary(bytes))
            try await sending
        }
        try await client.send(.close(1000))
        #expect(try await client.next() == .close(WebSocketClosure(.normal)))
        #expect(try await client.next() == nil)
        #expect(await notes.wait(forCount: 1) == ["1000"])
        try await end()
    }

    @Test("answer thousands of messages that came in one piece")
    func burst() async throws {
        let client = try await LiveClient(port: port, path: "/echo")
        let texts = (0..<5000).map { "message \($0)" }
        async let sending: Void = client.send(texts.map { ClientFrame.text($0) }.bytes)
        for text in texts { #expect(try await client.next() == .text(text)) }
        try await sending
        try await client.send(.close())
        #expect(try await client.next() == .close(WebSocketClosure(.noStatus)))
        try await end()
    }

    @Test("are told 1001 by a server that ends, and the server waits for them")
    func shutdown() async throws {
        var clients: [LiveClient] = []
        for _ in 0..<20 { clients.append(try await LiveClient(port: port, path: "/echo")) }
        server.shutdown()
        for client in clients {
            #expect(try await client.next() == .close(WebSocketClosure(.goingAway)))
            try await client.send(.close(1001))
            #expect(try await client.next() == nil)
        }
        try await onThread { [server] in server.blockUntilStopped() }
        #expect(notes.all == Array(repeating: "1001", count: 20))
    }

    @Test("end for their handlers when the client breaks off or just goes")
    func lost() async throws {
        var broken: LiveClient? = try await LiveClient(port: port, path: "/echo")
        try await broken?.send(.text("a"))
        _ = try await broken?.next()
        broken?.resetAtEnd()
        broken = nil
        #expect(await notes.wait(forCount: 1) == ["1006"])
        let gone = try await LiveClient(port: port, path: "/echo")
        gone.shutdownWriting()
        #expect(try await gone.next() == nil)
        #expect(await notes.wait(forCount: 2) == ["1006", "1006"])
        try await end()
    }

    @Test("end with the code for what the client did wrong, and with the connection")
    func violation() async throws {
        let client = try await LiveClient(port: port, path: "/echo")
        try await client.send(.text("a"), ClientFrame(opcode: 3))
        #expect(try await client.next() == .text("a"))
        #expect(try await client.next() == .close(WebSocketClosure(.protocolError, "an unknown opcode")))
        #expect(try await client.next() == nil)
        try await end()
    }

    @Test("drop a client that does not read, and serve the others")
    func slowReader() async throws {
        let slow = try await LiveClient(port: port, path: "/flood")
        #expect(await notes.wait(forCount: 1) == ["dropped 1006"])
        let other = try await LiveClient(port: port, path: "/echo", frames: [.text("a")])
        #expect(try await other.next() == .text("a"))
        try await other.send(.close(1000))
        #expect(try await other.next() == .close(WebSocketClosure(.normal)))
        _ = slow
        try await end()
    }

    @Test("are closed when the client has taken nothing for the term of a reader, and count no more")
    func writeTerm() async throws {
        var app = App(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var silent = WebSocketOptions()
        // No ping without its pong ends the connection first.
        silent.pingInterval = nil
        app.webSocket("/stream", options: silent) { [notes] socket, _ in
            let bytes = Array(repeating: UInt8(7), count: 64 << 10)
            do {
                while true { try await socket.send(bytes) }
            } catch {
                notes.add(
                    "\((error as? WebSocketError)?.code.rawValue ?? 0) \(socket.closeCode?.rawValue ?? 0)")
            }
        }
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        configuration.writeTimeout = .milliseconds(300)
        let impatient = Server(
            responder: app.build(), configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard case .host(_, let port) = try impatient.start().first else { throw LiveClient.Failure() }
        let slow = try await LiveClient(port: port, path: "/stream")
        #expect(await notes.wait(forCount: 1) == ["1006 1006"])
        // The client has not gone: the server has closed it.
        try await onThread { while impatient.connectionCount > 0 { usleep(1000) } }
        _ = slow
        impatient.shutdown()
        try await onThread { impatient.blockUntilStopped() }
        try await end()
    }

    @Test("end for a handler that waits to send when the client breaks off, and the loop goes on")
    func lostWhileSending() async throws {
        var reading: LiveClient? = try await LiveClient(port: port, path: "/stream")
        _ = try await reading?.next()
        reading?.resetAtEnd()
        reading = nil
        #expect(await notes.wait(forCount: 1).first?.contains("1006") == true)
        try await end()
    }

    @Test("are named when they hold their loop, at once and when they go on")
    func holds() async throws {
        let client = try await LiveClient(port: port, path: "/held/1")
        #expect(try await client.next() == .text("first"))
        for count in 1...3 {
            try await client.send(.text("more"))
            #expect(try await client.next() == .text("then"))
            // The slice has ended when the loop has come round once more.
            try await client.send(.ping("p"))
            #expect(try await client.next() == .pong)
            #expect(responder.blockedLoopCounts["/held/{name}", default: 0] > count)
        }
        try await client.send(.close())
        try await end()
    }

    @Test("take messages from other threads in the order of their sending")
    func elsewhere() async throws {
        let client = try await LiveClient(port: port, path: "/elsewhere")
        var next = [0, 0, 0, 0, 0]
        for _ in 0..<2500 {
            guard case .text(let text) = try await client.next() else { break }
            let parts = text.split(separator: " ").compactMap { Int($0) }
            #expect(parts[1] == next[parts[0]])
            next[parts[0]] += 1
        }
        #expect(next == [500, 500, 500, 500, 500])
        #expect(try await client.next() == .close(WebSocketClosure(.normal)))
        try await client.send(.close(1000))
        #expect(try await client.next() == nil)
        try await end()
    }
}

extension Context {
    /// What a handler must not do.
    fileprivate func holdLoop() {
        let end = ContinuousClock.now + .milliseconds(60)
        while ContinuousClock.now < end {}
    }
}
