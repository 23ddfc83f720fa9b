import Crane
import CraneHTTP
import CraneTesting
import HTTPTypes
import Logging
import Testing

@Suite("WebSocket routes")
struct RouteTests {
    private static func app(_ options: WebSocketOptions = WebSocketOptions()) -> App {
        var app = App(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        app.middleware = [CORS(allowOrigins: ["*"]), TrustedHost(["localhost"])]
        app.get("/both") { _, _ in .text("plain") }
        app.webSocket("/both", options: options) { socket, _ in try await socket.send("upgraded") }
        app.webSocket("/rooms/{room}", options: options) { socket, context in
            for await case .text(let text) in socket {
                try await socket.send("\(context.parameters["room"] ?? ""): \(text)")
            }
        }
        app.webSocket("/throws") { _, _ in throw Trouble() }
        app.webSocket("/refuses") { _, _ in throw WebSocketError(.policyViolation, "nope") }
        app.onHandshake("/unwilling") { _, _ in throw WebSocketError(.policyViolation, "nope") }
        app.onHandshake("/401") { _, _ in throw HTTPError(.unauthorized) }
        return app
    }

    struct Trouble: Error {}

    private static func answer(
        _ path: String, _ fields: (String, String)..., host: String = "localhost", drop: String = "",
        options: WebSocketOptions = WebSocketOptions()
    ) async throws -> Response {
        let ordinary = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]
        var head = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in ordinary + fields where name != drop { head += "\(name): \(value)\r\n" }
        let request = Request(connection: ConnectionInfo(peer: .unixSocket, loop: InProcessLoop()))
        var parser = RequestParser(limits: WireLimits())
        _ = try unsafe Array((head + "\r\n").utf8).withUnsafeBytes {
            try unsafe parser.parse($0, into: request)
        }
        return await app(options).build().response(to: request)
    }

    /// Runs what took the connection over; the task ends with the conversation.
    private static func run(_ response: Response, on stream: MemoryStream) throws -> Task<Void, Never> {
        guard case .upgrade(let upgrade) = response.body.storage, case .task(let start) = upgrade.taker else {
            throw Trouble()
        }
        let run = start(stream)
        return Task { await run() }
    }

    @Test("accept a handshake as RFC 6455 has it, and CORS leaves it alone")
    func accepts() async throws {
        let response = try await Self.answer("/both", ("Origin", "http://a.b"))
        #expect(response.status == .switchingProtocols)
        let fields = response.headers.map { "\($0.name.canonicalName): \($0.value)" }.sorted()
        #expect(
            fields == [
                "connection: Upgrade", "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "upgrade: websocket",
            ])
    }

    @Test("do not meet those of ordinary requests")
    func separate() async throws {
        #expect(try await Self.answer("/both", drop: "Upgrade").status == .ok)
        #expect(try await Self.answer("/rooms/1", drop: "Upgrade").status == .notFound)
        #expect(try await Self.answer("/rooms/1", drop: "Connection").status == .notFound)
    }

    @Test(
        "refuse with an empty 403 where there is no route, or it does not want to",
        arguments: ["/nope", "/rooms/1/", "/rooms", "/", "/unwilling"])
    func refused(_ path: String) async throws {
        let response = try await Self.answer(path)
        #expect(response.status == .forbidden)
        #expect(response.body.length == 0)
    }

    @Test("answer otherwise when something before them does")
    func answeredBefore() async throws {
        #expect(try await Self.answer("/401").status == .unauthorized)
        #expect(try await Self.answer("/both", host: "evil.com").status == .badRequest)
    }

    @Test("refuse a bad version or key with 400")
    func badHandshake() async throws {
        let noKey = try await Self.answer("/both", drop: "Sec-WebSocket-Key")
        #expect(noKey.status == .badRequest)
        #expect(noKey.headers[.secWebSocketVersion] == "13")
        let version = try await Self.answer(
            "/both", ("Sec-WebSocket-Version", "8"), drop: "Sec-WebSocket-Version")
        #expect(version.status == .badRequest)
    }

    @Test("let in only the pages they list, and the host's own")
    func origins() async throws {
        var options = WebSocketOptions()
        options.allowedOrigins = ["https://good.example"]
        let cases: [(String?, HTTPResponse.Status)] = [
            (nil, .switchingProtocols), ("https://good.example", .switchingProtocols),
            ("http://localhost", .switchingProtocols), ("https://LOCALHOST", .switchingProtocols),
            ("https://evil.example", .forbidden), ("http://good.example", .forbidden), ("null", .forbidden),
            ("http://localhost:81", .forbidden), ("", .forbidden),
        ]
        for (origin, status) in cases {
            let fields = origin.map { ("Origin", $0) } ?? ("X-None", "")
            #expect(
                try await Self.answer("/both", fields, options: options).status == status,
                "\(origin ?? "none")")
        }
    }

    @Test("choose the client's dearest subprotocol that they speak")
    func subprotocols() async throws {
        var options = WebSocketOptions()
        options.subprotocols = ["v1", "v2"]
        let chosen = try await Self.answer(
            "/both", ("Sec-WebSocket-Protocol", "v9, v2, v1"), options: options)
        #expect(chosen.headers[.secWebSocketProtocol] == "v2")
        let none = try await Self.answer("/both", ("Sec-WebSocket-Protocol", "v9"), options: options)
        #expect(none.status == .switchingProtocols)
        #expect(none.headers[.secWebSocketProtocol] == nil)
    }

    @Test("agree on compression as the reference does")
    func compression() async throws {
        let offer = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        let response = try await Self.answer("/both", offer)
        #expect(
            response.headers[.secWebSocketExtensions]
                == "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12")
        var options = WebSocketOptions()
        options.compresses = false
        #expect(
            try await Self.answer("/both", offer, options: options).headers[.secWebSocketExtensions] == nil)
    }

    @Test("know their parameters while they talk")
    func parameters() async throws {
        let stream = MemoryStream()
        let conversation = try Self.run(await Self.answer("/rooms/kitchen"), on: stream)
        stream.push(.text("hello"))
        await stream.until { !stream.sent.isEmpty }
        #expect(stream.sent == [.text("kitchen: hello")])
        stream.push(.close(1000))
        await conversation.value
        #expect(stream.sent.last == .close(WebSocketClosure(.normal)))
    }

    @Test(
        "close with 1000 when their handler returns, with 1011 when it fails, with the code that it throws",
        arguments: [("/both", 1000, ""), ("/throws", 1011, ""), ("/refuses", 1008, "nope")]
            as [(String, UInt16, String)])
    func ends(_ path: String, _ code: UInt16, _ reason: String) async throws {
        let stream = MemoryStream()
        let conversation = try Self.run(await Self.answer(path), on: stream)
        let closure = WebSocketClosure(WebSocketCloseCode(rawValue: code), reason)
        await stream.until { stream.sent.last == .close(closure) }
        stream.push(.close(code))
        await conversation.value
        #expect(stream.isClosed)
    }
}
