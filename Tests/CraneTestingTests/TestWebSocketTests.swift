import Crane
import CraneHTTP
import CraneTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

private let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

private func makeTalk(_ ended: Ended = Ended()) -> App {
    var app = App(logger: quiet)
    app.middleware = [TrustedHost(["testserver", "127.0.0.1"])]
    var options = WebSocketOptions()
    options.subprotocols = ["v2"]
    options.allowedOrigins = []
    app.webSocket("/echo", options: options) { socket, _ in
        for await message in socket { try await socket.send(message) }
        ended.note(socket.closeCode)
    }
    app.webSocket("/count") { socket, _ in
        for number in 1...3 { try await socket.send("\(number)") }
        throw WebSocketError(.policyViolation, "enough")
    }
    app.onHandshake("/cookie") { request, context in
        let cookie = request.headers[.cookie] ?? "none"
        return .webSocket(request, context) { socket in try await socket.send(cookie) }
    }
    app.webSocket("/silent") { socket, _ in for await _ in socket {} }
    // A task of its own is not cancelled with the handler.
    app.webSocket("/stubborn") { _, context in
        await Task { try? await context.sleep(for: .seconds(3600)) }.value
    }
    app.webSocket("/flood") { socket, _ in
        let bytes = Array(repeating: UInt8(1), count: 100 << 10)
        while true { try await socket.send(bytes) }
    }
    var often = WebSocketOptions()
    often.pingInterval = .milliseconds(20)
    app.webSocket("/pinged", options: often) { socket, context in
        try await context.sleep(for: .milliseconds(100))
        try await socket.send("still here")
    }
    app.onHandshake("/login") { _, _ in throw HTTPError(.unauthorized, "who are you?") }
    app.get("/set") { _, _ in Response(headers: [.setCookie: "seat=4"]) }
    return app
}

/// The close codes that handlers saw.
private final class Ended: Sendable {
    private let codes = Mutex<[WebSocketCloseCode?]>([])

    func note(_ code: WebSocketCloseCode?) { codes.withLock { $0.append(code) } }
    var all: [WebSocketCloseCode?] { codes.withLock { $0 } }
}

/// Every test runs in memory and through a socket.
private func withClients(_ app: App = makeTalk(), _ body: (TestClient) async throws -> Void) async throws {
    try await body(TestClient(app))
    try await TestClient.live(app) { (client) async throws in try await body(client) }
}

@Suite("The test client's WebSocket", .timeLimit(.minutes(1)))
struct TestWebSocketTests {
    @Test("sends and receives text and bytes of any size")
    func messages() async throws {
        try await withClients { (client) async throws in
            let socket = try await client.webSocket("/echo")
            #expect(socket.handshake.status == .switchingProtocols)
            try await socket.send("grüße")
            #expect(try await socket.next() == .text("grüße"))
            try await socket.send([0, 255])
            try await socket.send("")
            #expect(try await socket.next() == .binary([0, 255]))
            #expect(try await socket.next() == .text(""))
            let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
            async let sending: Void = socket.send(.binary(large))
            #expect(try await socket.next() == .binary(large))
            try await sending
            #expect(socket.closeCode == nil)
            try await socket.close(WebSocketCloseCode(rawValue: 4001), reason: "done")
            #expect(socket.closeCode == WebSocketCloseCode(rawValue: 4001))
            #expect(try await socket.next() == nil)
            await #expect(throws: TestFailure.self) { try await socket.send("late") }
            try await socket.close()
        }
    }

    @Test("is a sequence that ends with the server's code and reason")
    func sequence() async throws {
        try await withClients { (client) async throws in
            let socket = try await client.webSocket("/count")
            var messages: [WebSocket.Message] = []
            for try await message in socket { messages.append(message) }
            #expect(messages == [.text("1"), .text("2"), .text("3")])
            #expect(socket.closeCode == .policyViolation)
            #expect(socket.closeReason == "enough")
        }
    }

    @Test("throws the response of a refused handshake")
    func refusals() async throws {
        let cases: [(String, HTTPFields, HTTPResponse.Status)] = [
            ("/nope", [:], .forbidden), ("/echo", [.origin: "https://evil.example"], .forbidden),
            ("/login", [:], .unauthorized), ("/echo", [.secWebSocketVersion: "8"], .badRequest),
            ("/set", [:], .forbidden),
        ]
        try await withClients { (client) async throws in
            for (target, headers, status) in cases {
                let refusal = await #expect(throws: WebSocketRefusal.self) {
                    _ = try await client.webSocket(target, headers: headers)
                }
                #expect(refusal?.response.status == status, "\(target)")
                if status == .unauthorized {
                    #expect(refusal?.response.text == #"{"detail":"who are you?"}"#)
                }
            }
        }
        let stranger = TestClient(makeTalk(), host: "evil.example")
        let refusal = await #expect(throws: WebSocketRefusal.self) {
            _ = try await stranger.webSocket("/echo")
        }
        #expect(refusal?.response.status == .badRequest)
    }

    @Test("agrees on a subprotocol, and passes a page of the host's own")
    func subprotocols() async throws {
        try await withClients { (client) async throws in
            let socket = try await client.webSocket(
                "/echo", headers: [.origin: "http://\(client.host)"], subprotocols: ["v3", "v2"])
            #expect(socket.subprotocol == "v2")
            try await socket.close()
            #expect(try await client.webSocket("/echo", subprotocols: ["v3"]).subprotocol == nil)
        }
    }

    @Test("sends the client's cookies")
    func cookies() async throws {
        try await withClients { (client) async throws in
            #expect(try await client.webSocket("/cookie").next() == .text("none"))
            _ = try await client.get("/set")
            #expect(try await client.webSocket("/cookie").next() == .text("seat=4"))
        }
    }

    @Test("fails rather than waits for ever")
    func timeouts() async throws {
        try await withClients { (client) async throws in
            let silent = try await client.webSocket("/silent", timeout: .milliseconds(500))
            let failure = await #expect(throws: TestFailure.self) { try await silent.next() }
            #expect(failure?.description.contains("in time") == true)
        }
        // In memory the end is also the handler's.
        let stubborn = try await TestClient(makeTalk()).webSocket("/stubborn", timeout: .milliseconds(500))
        let failure = await #expect(throws: TestFailure.self) { try await stubborn.close() }
        #expect(failure?.description.contains("handler") == true)
    }

    @Test("does not count the time that a busy machine has no thread for it")
    func busyMachine() async throws {
        let socket = try await TestClient(Starved()).webSocket("/", timeout: .milliseconds(500))
        // Four waits that each last half of the time-out, though a tenth was asked for.
        #expect(try await socket.next() == .text("hi"))
    }

    @Test("is seen to go by the handler")
    func breakingOff() async throws {
        let ended = Ended()
        let client = TestClient(makeTalk(ended))
        let broken = try await client.webSocket("/echo")
        try await broken.send("a")
        #expect(try await broken.next() == .text("a"))
        broken.abort()
        #expect(try await broken.next() == nil)
        #expect(broken.closeCode == .abnormal)
        let closed = try await client.webSocket("/echo")
        try await closed.close(.goingAway)
        // In memory the handler has ended with the connection.
        #expect(ended.all.contains(.goingAway))
    }

    @Test("holds up a server that sends more than it reads, and lets it go")
    func backpressure() async throws {
        try await withClients { (client) async throws in
            let socket = try await client.webSocket("/flood")
            for _ in 0..<20 {
                #expect(try await socket.next() == .binary(Array(repeating: 1, count: 100 << 10)))
            }
            socket.abort()
        }
    }

    @Test("answers pings while it waits")
    func pings() async throws {
        try await withClients { (client) async throws in
            let socket = try await client.webSocket("/pinged")
            #expect(try await socket.next() == .text("still here"))
        }
    }
}

/// An application on a machine that is too busy to come back in time, and that has answered when it does.
private struct Starved: TestTransport {
    final class Connection: TestConnection {
        private let waits = Mutex(0)

        func send(_ bytes: [UInt8]) async throws {}
        func breakOff() {}

        func receive(within time: Duration) async throws -> [UInt8]? {
            try await Task.sleep(for: .milliseconds(250))
            // A frame without a mask (RFC 6455, section 5.2).
            return waits.withLock { waits in
                waits += 1
                return waits < 5 ? nil : [0x81, 2] + Array("hi".utf8)
            }
        }
    }

    func exchange(_ request: TestRequest, host: String) async throws -> TestResponse {
        TestResponse(status: .notFound, headers: [:], body: [])
    }

    func open(_ handshake: TestRequest, host: String) async throws -> TestOpening {
        let accept = WebSocketHandshake.accept(for: handshake.headers[.secWebSocketKey] ?? "")
        let answer = TestResponse(
            status: .switchingProtocols, headers: [.secWebSocketAccept: accept], body: [])
        return .accepted(answer, Connection())
    }
}
