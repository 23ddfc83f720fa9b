import CraneHTTP
import Testing

@Suite("The opening handshake")
struct HandshakeTests {
    private static func request(_ fields: [(String, String)], method: String = "GET", version: String = "1.1")
        throws
        -> Request
    {
        let request = Request(connection: ConnectionInfo(peer: .unixSocket, loop: StillLoop()))
        var head = "\(method) /chat HTTP/\(version)\r\nHost: localhost\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        var parser = RequestParser(limits: WireLimits())
        _ = try unsafe Array((head + "\r\n").utf8).withUnsafeBytes {
            try unsafe parser.parse($0, into: request)
        }
        return request
    }

    private static let good = [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    private static func good(without name: String = "", with more: (String, String)...) -> [(String, String)]
    {
        good.filter { $0.0 != name } + more
    }

    @Test("is answered as RFC 6455, section 1.3 has it")
    func accept() throws {
        let request = try Self.request(Self.good)
        #expect(request.isWebSocketHandshake)
        #expect(try WebSocketHandshake(request).accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("answers keys of every kind of byte")
    func keys() {
        // Made with Python: base64(sha1(key + GUID)).
        #expect(WebSocketHandshake.accept(for: "AAAAAAAAAAAAAAAAAAAAAA==") == "ICX+Yqv66kxgM0FcWaLWlFLwTAI=")
        #expect(WebSocketHandshake.accept(for: "/////////////////////w==") == "XXpj4jYzLM2yUE0C7TIgMwTQh2g=")
        #expect(WebSocketHandshake.accept(for: "") == "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=")
        let long = String(repeating: "a", count: 300)
        #expect(WebSocketHandshake.accept(for: long) == "2+4g61hSWTGlyejTBE2EayJwAmE=")
    }

    @Test("is known by its method, version, Connection and Upgrade")
    func known() throws {
        #expect(
            try Self.request(Self.good(without: "Upgrade", with: ("Upgrade", "WebSocket")))
                .isWebSocketHandshake)
        #expect(
            try Self.request(Self.good(without: "Upgrade", with: ("Upgrade", "h2c, websocket")))
                .isWebSocketHandshake)
        let kept = Self.good(without: "Connection", with: ("Connection", "keep-alive, UPGRADE"))
        #expect(try Self.request(kept).isWebSocketHandshake)
        #expect(try !Self.request(Self.good, method: "POST").isWebSocketHandshake)
        #expect(try !Self.request(Self.good, version: "1.0").isWebSocketHandshake)
        #expect(try !Self.request(Self.good(without: "Upgrade")).isWebSocketHandshake)
        #expect(
            try !Self.request(Self.good(without: "Upgrade", with: ("Upgrade", "h2c"))).isWebSocketHandshake)
        #expect(try !Self.request(Self.good(without: "Connection")).isWebSocketHandshake)
        #expect(try !Self.request([]).isWebSocketHandshake)
    }

    @Test("is refused with a reason")
    func refused() throws {
        let cases: [([(String, String)], String)] = [
            (Self.good(without: "Sec-WebSocket-Key"), "missing Sec-WebSocket-Key header"),
            (Self.good(without: "Sec-WebSocket-Version"), "missing Sec-WebSocket-Version header"),
            (
                Self.good(without: "Sec-WebSocket-Version", with: ("Sec-WebSocket-Version", "12")),
                "invalid Sec-WebSocket-Version header: 12"
            ),
            (
                Self.good(without: "Sec-WebSocket-Key", with: ("Sec-WebSocket-Key", "YWJj")),
                "invalid Sec-WebSocket-Key header: YWJj"
            ),
            (
                Self.good(
                    without: "Sec-WebSocket-Key", with: ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZ===")),
                "invalid Sec-WebSocket-Key header: dGhlIHNhbXBsZSBub25jZ==="
            ),
            (
                Self.good(with: ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")),
                "more than one Sec-WebSocket-Key header"
            ),
            (Self.good(with: ("Content-Length", "3")), "a handshake has no body"),
            (
                Self.good(with: ("Sec-WebSocket-Extensions", "permessage-deflate; =")),
                "invalid Sec-WebSocket-Extensions header: permessage-deflate; ="
            ),
            (
                Self.good(with: ("Sec-WebSocket-Protocol", "a b")),
                "invalid Sec-WebSocket-Protocol header: a b"
            ),
        ]
        for (fields, reason) in cases {
            let request = try Self.request(fields)
            let error = #expect(throws: WebSocketHandshake.Refusal.self) { try WebSocketHandshake(request) }
            #expect(error?.reason == reason)
        }
    }

    @Test("names subprotocols in order, over several lines")
    func subprotocols() throws {
        let fields = Self.good(with: ("Sec-WebSocket-Protocol", "b, a"), ("Sec-WebSocket-Protocol", "c"))
        #expect(try WebSocketHandshake(Self.request(fields)).subprotocols == ["b", "a", "c"])
    }
}

/// A loop for requests that never run.
final class StillLoop: LoopServices {
    let index = 0
    func sleep(for duration: Duration) async throws {}
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
    func spawn(_ work: @escaping @Sendable () async -> Void) {}
    let isDraining = false
    func untilDraining() async throws { throw CancellationError() }
}
