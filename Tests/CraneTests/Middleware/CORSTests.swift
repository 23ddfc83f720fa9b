import CraneTesting
import Testing

@testable import Crane

private let usualMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"

@Suite("CORS")
struct CORSTests {
    /// As the talk sets it up.
    static let open = app(
        CORS(allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"], allowCredentials: true))
    static let listed = app(
        CORS(
            allowOrigins: ["https://talks.example"], allowOrigin: { $0.hasSuffix(".trusted.example") },
            allowMethods: ["GET", "POST"], allowHeaders: ["X-Token"], exposeHeaders: ["X-A", "X-B"], maxAge: 5
        ))
    static let unrestricted = app(CORS(allowOrigins: ["*"]))

    static func app(_ cors: CORS) -> AppResponder {
        var app = App()
        app.middleware = [cors]
        app.get("/") { _, _ in .text("Hello") }
        app.get("/vary") { _, _ in
            var response = Response.text("Hello")
            response.headers[.vary] = "accept"
            response.headers[.accessControlAllowOrigin] = "the handler's"
            return response
        }
        return app.build()
    }

    /// The response's fields, apart from those of its content.
    private func fields(
        _ app: AppResponder, _ method: String, _ target: String, _ headers: [(String, String)]
    ) async throws -> (status: Int, text: String, fields: [String]) {
        var call = Call(method, target)
        call.headers = headers
        let response = try await app.answer(call)
        let fields = response.fields.filter { !$0.hasPrefix("content-type: ") && !$0.hasPrefix("allow: ") }
        return (response.status.code, response.text, fields)
    }

    static func echoed(_ origin: String) -> [String] {
        ["access-control-allow-credentials: true", "access-control-allow-origin: \(origin)", "vary: Origin"]
    }

    @Test(
        "with credentials the origin itself is answered, and every response varies by it",
        arguments: [
            ("GET", "/", [("origin", "http://a.b")], 200, echoed("http://a.b")),
            ("GET", "/", [("origin", "http://a.b"), ("cookie", "x=1")], 200, echoed("http://a.b")),
            ("GET", "/", [("cookie", "x=1")], 200, ["vary: Origin"]),
            ("GET", "/", [], 200, ["vary: Origin"]),
            ("GET", "/nope", [], 404, ["vary: Origin"]),
            ("GET", "/", [("origin", "null")], 200, echoed("null")),
            ("GET", "/", [("origin", "")], 200, echoed("")),
            ("GET", "/", [("origin", "http://a.b"), ("cookie", "")], 200, echoed("http://a.b")),
            ("GET", "/", [("origin", "http://a.b"), ("origin", "http://c.d")], 200, echoed("http://a.b")),
            ("GET", "/nope", [("origin", "http://a.b")], 404, echoed("http://a.b")),
            ("POST", "/", [("origin", "http://a.b")], 405, echoed("http://a.b")),
            // Without the method asked for it is no preflight request.
            ("OPTIONS", "/nope", [("origin", "http://a.b")], 404, echoed("http://a.b")),
            ("OPTIONS", "/", [("origin", "http://a.b")], 204, echoed("http://a.b")),
            ("OPTIONS", "/", [("access-control-request-method", "GET")], 204, ["vary: Origin"]),
            (
                "GET", "/", [("origin", "http://a.b"), ("access-control-request-method", "GET")], 200,
                echoed("http://a.b")
            ),
        ])
    func simple(
        method: String, target: String, headers: [(String, String)], status: Int, expected: [String]
    ) async throws {
        let answer = try await fields(Self.open, method, target, headers)
        #expect(answer.status == status)
        #expect(answer.fields == expected)
    }

    @Test("an origin, a method and a field name are compared by their bytes")
    func bytewise() async throws {
        let app = Self.app(
            CORS(
                allowOrigins: ["https://talK.example"], allowMethods: ["LINK"],
                allowHeaders: ["X-Tok", "X-K"]))
        func status(_ origin: String, _ method: String, _ names: String) async throws -> Int {
            try await fields(
                app, "OPTIONS", "/",
                [
                    ("origin", origin), ("access-control-request-method", method),
                    ("access-control-request-headers", names),
                ]
            ).status
        }
        #expect(try await status("https://talK.example", "LINK", "x-TOK,\tx-k") == 200)
        #expect(try await status("https://tal\u{212A}.example", "LINK", "x-tok") == 400)
        #expect(try await status("https://talK.example", "LIN\u{212A}", "x-tok") == 400)
        #expect(try await status("https://talK.example", "LINK", "x-to\u{212A}") == 400)
        #expect(try await status("https://talK.example", "LINK", "x-tok,\u{301}x-k") == 400)
    }

    @Test("Vary stands beside one of the handler's, and a field of the handler's is replaced")
    func varyAndReplace() async throws {
        let answer = try await fields(Self.open, "GET", "/vary", [("origin", "http://a.b"), ("cookie", "x")])
        #expect(
            answer.fields == [
                "access-control-allow-credentials: true", "access-control-allow-origin: http://a.b",
                "vary: Origin", "vary: accept",
            ])
    }

    @Test("without credentials a star is the same for everybody, with cookies too")
    func publicAnswers() async throws {
        for headers in [[("origin", "http://a.b")], [("origin", "http://a.b"), ("cookie", "x=1")]] {
            #expect(
                try await fields(Self.unrestricted, "GET", "/", headers).fields == [
                    "access-control-allow-origin: *"
                ])
        }
        #expect(try await fields(Self.unrestricted, "GET", "/", []).fields == [])
    }

    @Test(
        "the port that a scheme has anyway and the case make no difference to an origin",
        arguments: [
            ("https://a.example:443", "https://a.example", true),
            ("https://a.example", "https://a.example:443", true),
            ("http://a.example", "http://a.example:80", true),
            ("http://a.example:80", "http://A.example", true),
            ("https://[::1]:443", "https://[::1]", true), ("https://[::1]", "https://[::1]:0443", true),
            ("https://a.example:", "https://a.example", true),
            ("https://a.example:80", "https://a.example", false),
            ("http://a.example:443", "http://a.example", false), ("http://[::1]", "http://[:", false),
            ("https://a.example:8443", "https://a.example", false),
            ("https://a.example:8443", "https://a.example:08443", true),
            ("https://a.example", "http://a.example:443", false), ("app://x:80", "app://x", false),
            ("https://a.example", "https://a.example:\u{661}", false),
        ])
    func ports(listed: String, origin: String, isAllowed: Bool) async throws {
        let app = Self.app(CORS(allowOrigins: [listed]))
        let answer = try await fields(app, "GET", "/", [("origin", origin)])
        let allowed = "access-control-allow-origin: \(origin)"
        #expect(answer.fields == (isAllowed ? [allowed] : []) + ["vary: Origin"])
        var options = WebSocketOptions()
        options.allowedOrigins = [listed]
        #expect(options.allows(origin: origin, host: "elsewhere") == isAllowed)
    }

    @Test(
        "a page of the host itself may open a WebSocket, whichever of the two names the usual port",
        arguments: [
            ("https://talk.example", "talk.example:443", true), ("http://my.example", "my.example:80", true),
            ("https://talk.example:443", "TALK.example", true), ("http://[::1]:80", "[::1]", true),
            ("https://talk.example", "talk.example:80", false),
            ("http://talk.example", "talk.example:443", false),
            ("null", "null", false), ("https://talk.example.evil", "talk.example", false),
            ("https:", "", false),
        ])
    func ownPages(origin: String, host: String, isAllowed: Bool) {
        var options = WebSocketOptions()
        options.allowedOrigins = []
        #expect(options.allows(origin: origin, host: host) == isAllowed)
    }

    @Test(
        "a preflight request is answered as by Starlette, whatever its path",
        arguments: [
            ("/", "GET", nil, 200, "OK"),
            ("/nope", "GET", nil, 200, "OK"),
            ("*", "GET", nil, 200, "OK"),
            ("/", "PATCH", nil, 200, "OK"),
            ("/", "TRACE", nil, 400, "Disallowed CORS method"),
            ("/", "get", nil, 400, "Disallowed CORS method"),
            ("/", "", nil, 400, "Disallowed CORS method"),
            ("/", "GET,POST", nil, 400, "Disallowed CORS method"),
            ("/", "*", nil, 400, "Disallowed CORS method"),
            ("/", "GET", "X-A", 200, "OK"),
            ("/", "GET", "x-a, X-B", 200, "OK"),
            ("/", "GET", "", 200, "OK"),
            ("/", "GET", "a,,b", 200, "OK"),
            ("/", "GET", "a b", 200, "OK"),
            ("/", "FOO", "x", 400, "Disallowed CORS method"),
        ] as [(String, String, String?, Int, String)])
    func preflight(
        target: String, method: String, requested: String?, status: Int, text: String
    ) async throws {
        var headers = [("origin", "http://a.b"), ("access-control-request-method", method)]
        if let requested { headers.append(("access-control-request-headers", requested)) }
        let answer = try await fields(Self.open, "OPTIONS", target, headers)
        #expect(answer.status == status)
        #expect(answer.text == text)
        let expected =
            ["access-control-allow-credentials: true"]
            + (requested.map { ["access-control-allow-headers: \($0)"] } ?? []) + [
                "access-control-allow-methods: \(usualMethods)", "access-control-allow-origin: http://a.b",
                "access-control-max-age: 600", "vary: Origin",
            ]
        #expect(answer.fields == expected)
    }

    @Test("a preflight request for a host that is not served is refused, and the page may read so")
    func preflightOfAStranger() async throws {
        var app = App(logger: quiet)
        app.middleware = [TrustedHost(["testserver"]), CORS(allowOrigins: ["*"], allowMethods: ["*"])]
        var call = Call("OPTIONS", "/", ("origin", "http://a.b"), ("access-control-request-method", "GET"))
        let responder = app.build()
        #expect(try await responder.answer(call).text == "OK")
        call.host = "evil.com"
        let answer = try await responder.answer(call)
        #expect(answer.status == .badRequest)
        #expect(answer.text == "Invalid host header")
        #expect(answer.allFields[.accessControlAllowOrigin] == "*")
    }

    @Test("what is asked for comes back byte for byte")
    func mirroredBytes() async throws {
        let head =
            Array("OPTIONS / HTTP/1.1\r\nhost: testserver\r\norigin: http://a.b\r\n".utf8)
            + Array("access-control-request-method: GET\r\naccess-control-request-headers: x-".utf8)
            + [0xE9, 0xFF] + Array("\r\n\r\n".utf8)
        let request = Request(connection: ConnectionInfo(peer: .unixSocket, loop: InProcessLoop()))
        var parser = RequestParser(limits: WireLimits())
        _ = try unsafe head.withUnsafeBytes { unsafe try parser.parse($0, into: request) }
        let answer = await Self.open.response(to: request)
        let index = try #require(answer.headers.firstIndex { $0.name == .accessControlAllowHeaders })
        let bytes = unsafe answer.headers[index].withUnsafeBytesOfValue { unsafe Array($0) }
        #expect(bytes == Array("x-".utf8) + [0xE9, 0xFF])
    }

    @Test("without credentials and with all origins a preflight response is the same for everybody")
    func publicPreflight() async throws {
        let answer = try await fields(
            Self.unrestricted, "OPTIONS", "/",
            [("origin", "http://a.b"), ("access-control-request-method", "GET")])
        #expect(answer.text == "OK")
        #expect(
            answer.fields == [
                "access-control-allow-headers: Accept, Accept-Language, Content-Language, Content-Type",
                "access-control-allow-methods: GET", "access-control-allow-origin: *",
                "access-control-max-age: 600",
            ])
    }

    @Test(
        "a list of origins is kept to",
        arguments: [
            ("https://talks.example", true), ("https://a.trusted.example", true),
            ("https://talks.example.", false),
            ("http://talks.example", false), ("null", false), ("", false),
        ])
    func list(origin: String, isAllowed: Bool) async throws {
        let answer = try await fields(Self.listed, "GET", "/", [("origin", origin)])
        let allowed = [
            "access-control-allow-origin: \(origin)", "access-control-expose-headers: X-A, X-B",
            "vary: Origin",
        ]
        let refused = ["access-control-expose-headers: X-A, X-B", "vary: Origin"]
        #expect(answer.fields == (isAllowed ? allowed : refused))
    }

    @Test(
        "a preflight request is told all that is refused",
        arguments: [
            ("https://talks.example", "GET", "content-type , X-TOKEN", 200, "OK"),
            ("https://evil.example", "GET", "x-token", 400, "Disallowed CORS origin"),
            ("https://talks.example", "PUT", "x-token", 400, "Disallowed CORS method"),
            ("https://talks.example", "POST", "x-other", 400, "Disallowed CORS headers"),
            ("https://talks.example", "POST", "", 400, "Disallowed CORS headers"),
            (
                "https://evil.example", "PUT", "x-token,x-other", 400,
                "Disallowed CORS origin, method, headers"
            ),
        ])
    func refusals(origin: String, method: String, requested: String, status: Int, text: String) async throws {
        let answer = try await fields(
            Self.listed, "OPTIONS", "/",
            [
                ("origin", origin), ("access-control-request-method", method),
                ("access-control-request-headers", requested),
            ])
        #expect(answer.status == status)
        #expect(answer.text == text)
        let always = [
            "access-control-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, X-Token",
            "access-control-allow-methods: GET, POST", "access-control-max-age: 5", "vary: Origin",
        ]
        let echo = origin.contains("evil") ? [] : ["access-control-allow-origin: \(origin)"]
        #expect(answer.fields == (always + echo).sorted())
    }
}
