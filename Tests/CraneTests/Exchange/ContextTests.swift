import Crane
import CraneTesting
import Logging
import Testing

@Suite("Context")
struct ContextTests {
    static let proxies = ["127.0.0.0/8", "::1", "10.0.0.0/8", "2001:db8::/32"]

    /// What `read` finds in the context of a request from `peer`.
    private func read<Value: Sendable>(
        peer: String?, trusting networks: [String] = proxies, _ headers: [(String, String)],
        _ read: @escaping @Sendable (Context) -> Value
    ) async throws -> Value? {
        let kept = Kept<Value>()
        var app = App(trustedProxies: try TrustedProxies(networks))
        app.get("/") { _, context in
            kept.set(read(context))
            return .text("")
        }
        var call = Call("GET", "/")
        call.headers = headers
        call.peer = peer.map { PeerAddress(ip: IPAddress($0), port: 99) } ?? .unixSocket
        _ = try await app.build().answer(call)
        return kept.value
    }

    @Test(
        "the client is the last address that is not a trusted proxy's",
        arguments: [
            ("192.0.2.1", [("x-forwarded-for", "1.1.1.1")], "192.0.2.1 99"),
            ("10.1.1.1", [], "10.1.1.1 99"),
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1")], "1.1.1.1 0"),
            ("10.1.1.1", [("x-forwarded-for", "9.9.9.9, 1.1.1.1")], "1.1.1.1 0"),
            ("10.1.1.1", [("x-forwarded-for", "9.9.9.9,1.1.1.1 , 10.2.2.2,127.0.0.1")], "1.1.1.1 0"),
            ("10.1.1.1", [("x-forwarded-for", "9.9.9.9"), ("x-forwarded-for", "10.2.2.2")], "9.9.9.9 0"),
            ("10.1.1.1", [("x-forwarded-for", "10.3.3.3, 10.2.2.2")], "10.3.3.3 0"),
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1:4711")], "1.1.1.1 4711"),
            ("::1", [("x-forwarded-for", "[2001:db9::5]:4711")], "2001:db9::5 4711"),
            ("::1", [("x-forwarded-for", "2001:db9::5")], "2001:db9::5 0"),
            ("2001:db8::9", [("x-forwarded-for", "[2001:db9::5]")], "2001:db9::5 0"),
            ("10.1.1.1", [("x-forwarded-for", "fe80::1%eth0")], "fe80::1 0"),
            ("10.1.1.1", [("x-forwarded-for", "[fe80::1%25eth0]:7")], "fe80::1 7"),
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1%eth0")], "10.1.1.1 99"),
            // What is no address ends the walk at the hop before.
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1, unknown")], "10.1.1.1 99"),
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1, _hidden, 10.2.2.2")], "10.2.2.2 0"),
            ("10.1.1.1", [("x-forwarded-for", "")], "10.1.1.1 99"),
            ("10.1.1.1", [("x-forwarded-for", "1.1.1.1:http")], "1.1.1.1 0"),
            ("10.1.1.1", [("x-forwarded-for", "[::1")], "10.1.1.1 99"),
            ("10.1.1.1", [("forwarded", "for=1.1.1.1;proto=https;by=10.1.1.1")], "1.1.1.1 0"),
            ("10.1.1.1", [("forwarded", "for=9.9.9.9, For=\"[2001:db9::1]:7\"")], "2001:db9::1 7"),
            ("10.1.1.1", [("forwarded", "for=1.1.1.1, proto=http")], "10.1.1.1 99"),
            ("10.1.1.1", [("forwarded", "for=2.2.2.2"), ("x-forwarded-for", "1.1.1.1")], "1.1.1.1 0"),
            (nil, [("x-forwarded-for", "1.1.1.1")], "1.1.1.1 0"),
            (nil, [], "- 0"),
        ] as [(String?, [(String, String)], String)])
    func client(peer: String?, headers: [(String, String)], expected: String) async throws {
        let client = try await read(peer: peer, headers) { $0.client }
        #expect("\(client?.ip?.description ?? "-") \(client?.port ?? 0)" == expected)
    }

    @Test("nobody and everybody can be trusted")
    func extremes() async throws {
        func client(_ trusted: TrustedProxies, _ peer: PeerAddress) async throws -> IPAddress? {
            let kept = Kept<PeerAddress>()
            var app = App(trustedProxies: trusted)
            app.get("/") { _, context in
                kept.set(context.client)
                return .text("")
            }
            var call = Call("GET", "/", ("x-forwarded-for", "9.9.9.9, 2001:db8::1"))
            call.peer = peer
            _ = try await app.build().answer(call)
            return kept.value?.ip
        }
        let near = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        let far = PeerAddress(ip: IPAddress("203.0.113.4"), port: 1)
        #expect(try await client(.none, near) == near.ip)
        #expect(try await client(.none, .unixSocket) == nil)
        #expect(try await client(.loopback, near) == IPAddress("2001:db8::1"))
        #expect(try await client(.loopback, far) == far.ip)
        #expect(try await client(.all, far) == IPAddress("9.9.9.9"))
    }

    @Test(
        "what is no network is refused by name",
        arguments: [
            "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "localhost", "", "10.0.0.0/8/8", "/8",
        ])
    func networks(text: String) {
        #expect {
            try TrustedProxies(["127.0.0.1", text])
        } throws: { error in
            "\(error)" == "\"\(text)\" is not an address or a network like 10.0.0.0/8"
        }
    }

    @Test(
        "the scheme is what a trusted proxy says",
        arguments: [
            ("192.0.2.1", [("x-forwarded-proto", "https")], "http"),
            ("10.0.0.1", [], "http"),
            ("10.0.0.1", [("x-forwarded-proto", "https")], "https"),
            ("10.0.0.1", [("x-forwarded-proto", "wss")], "https"),
            ("10.0.0.1", [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")], "http"),
            ("10.0.0.1", [("x-forwarded-proto", "https,http")], "http"),
            ("10.0.0.1", [("x-forwarded-proto", "https, https")], "https"),
            ("10.0.0.1", [("x-forwarded-proto", "http , HTTPS,")], "https"),
            // The element of the proxy that spoke to the client, as far as there is one.
            (
                "10.0.0.1", [("x-forwarded-for", "1.1.1.1, 10.2.2.2"), ("x-forwarded-proto", "https, http")],
                "https"
            ),
            (
                "10.0.0.1", [("x-forwarded-for", "1.1.1.1, 10.2.2.2"), ("x-forwarded-proto", "http, https")],
                "http"
            ),
            (
                "10.0.0.1", [("x-forwarded-for", "1.1.1.1, 10.2.2.2"), ("x-forwarded-proto", "https")],
                "https"
            ),
            ("10.0.0.1", [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-proto", "https, http")], "http"),
            ("10.0.0.1", [("forwarded", "for=1.1.1.1;proto=https, for=10.2.2.2;proto=http")], "https"),
            ("10.0.0.1", [("forwarded", "for=9.9.9.9;proto=https, for=1.1.1.1;proto=http")], "http"),
            ("10.0.0.1", [("x-forwarded-proto", "gopher")], "http"),
            ("10.0.0.1", [("forwarded", "proto=http, for=1.1.1.1; Proto=HTTPS")], "https"),
        ])
    func scheme(peer: String, headers: [(String, String)], expected: String) async throws {
        #expect(try await read(peer: peer, headers) { $0.scheme.rawValue } == expected)
    }

    @Test("a request id is taken from a trusted proxy when it is sane, and stays the same")
    func requestID() async throws {
        func id(_ peer: String, _ sent: String) async throws -> String {
            let ids = try await read(peer: peer, [("x-request-id", sent)]) { [$0.requestID, $0.requestID] }
            #expect(ids?.first == ids?.last)
            return ids?.first ?? ""
        }
        #expect(try await id("10.0.0.1", "abc-1.2_3") == "abc-1.2_3")
        for (peer, sent) in [
            ("192.0.2.1", "abc"), ("10.0.0.1", "a b"), ("10.0.0.1", "a\"b"), ("10.0.0.1", ""),
            ("10.0.0.1", String(repeating: "a", count: 129)), ("10.0.0.1", "é"),
        ] {
            let made = try await id(peer, sent)
            #expect(made.count == 16 && made.allSatisfy(\.isHexDigit), "\(sent)")
        }
    }

    @Test("request ids that are made are all different")
    func uniqueIDs() async throws {
        var ids: Set<String> = []
        for _ in 0..<100 {
            ids.insert(try await read(peer: "192.0.2.1", []) { $0.requestID } ?? "")
        }
        #expect(ids.count == 100)
    }

    @Test("the logger carries the request id")
    func logger() async throws {
        let id = try await read(peer: "10.0.0.1", [("x-request-id", "seven")]) { context in
            "\(context.logger[metadataKey: "request_id"] ?? "none")"
        }
        #expect(id == "seven")
    }

    enum User: ContextKey { static let defaultValue: String? = nil }
    enum Depth: ContextKey { static let defaultValue = 7 }

    @Test("middleware hands values on to the handler, by key")
    func storage() async throws {
        struct SignIn: Middleware {
            func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
                context[User.self] = "ada"
                return await next(request, context)
            }
        }
        var app = App()
        app.middleware = [SignIn()]
        app.get("/") { _, context in
            let before = context[Depth.self]
            context[Depth.self] += 1
            return .text("\(context[User.self] ?? "nobody") \(before) \(context[Depth.self])")
        }
        #expect(try await app.build().answer("GET", "/").text == "ada 7 8")
    }

    @Test("a value of the application is every request's, until it has one of its own")
    func applicationValue() async throws {
        var app = App()
        #expect(app[Depth.self] == 7)
        app[Depth.self] = 3
        app.get("/") { _, context in
            context[Depth.self] += 1
            return .text("\(context[Depth.self])")
        }
        #expect(app[Depth.self] == 3)
        let responder = app.build()
        for _ in 0..<2 { #expect(try await responder.answer("GET", "/").text == "4") }
    }

    @Test("a request's loop sleeps, runs blocking work and spawns for it")
    func loop() async throws {
        let notes = Notes()
        var app = App()
        app.get("/") { _, context in
            try await context.sleep(for: .zero)
            let six = try await context.blocking { 6 }
            context.spawn { notes.add("spawned") }
            return .text("\(six) \(context.loop.index)")
        }
        let loop = InProcessLoop(index: 3)
        var call = Call()
        call.loop = loop
        #expect(try await app.build().answer(call).text == "6 3")
        await loop.finish()
        #expect(notes.all == ["spawned"])
    }
}
