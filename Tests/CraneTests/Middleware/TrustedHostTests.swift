import Crane
import Testing

@Suite("Trusted hosts")
struct TrustedHostTests {
    static func app(_ hosts: [String]) -> AppResponder {
        var app = App()
        app.middleware = [TrustedHost(hosts)]
        app.get("/x y") { _, _ in .text("Hello") }
        app.get("/") { _, _ in .text("Hello") }
        return app.build()
    }

    static let talk = app([
        "localhost", "127.0.0.1", "YourApp.com", "0.0.0.0", "testserver", "[::1]", "fe80::1",
    ])
    static let wild = app(["*.example.com", "www.apex.org", "www.redirect.net"])

    private func status(_ app: AppResponder, _ host: String?, _ target: String = "/") async throws -> (
        Int, String
    ) {
        var call = Call("GET", target)
        call.host = host
        let response = try await app.answer(call)
        return (response.status.code, response.headers[.location] ?? response.text)
    }

    @Test(
        "a listed host is answered, without regard to case and port",
        arguments: [
            "localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver", "localhost:80", "localhost:",
            "LOCALHOST",
            "Yourapp.COM:8000", "[::1]", "[::1]:80", "[FE80::1]:1",
        ])
    func trusted(host: String) async throws {
        #expect(try await status(Self.talk, host) == (200, "Hello"))
    }

    @Test(
        "any other host is refused",
        arguments: [
            "evil.com", "www.yourapp.com", "yourapp.com.", "sub.yourapp.com", "127.0.0.1.",
            "localhost.evil.com",
            "evil.com:80", ".", "*", "www.localhost", "[::2]", "[::1:1]:80", "xlocalhost", "localhos",
        ])
    func refused(host: String) async throws {
        #expect(try await status(Self.talk, host) == (400, "Invalid host header"))
    }

    @Test("a request without a host is refused")
    func missing() async throws {
        #expect(try await status(Self.talk, nil) == (400, "Invalid host header"))
    }

    @Test(
        "a wildcard takes any depth but not the name itself",
        arguments: [
            ("a.example.com", 200), ("a.b.EXAMPLE.com:1", 200), ("example.com", 400), ("aexample.com", 400),
            ("a.example.com.evil", 400), (".example.com", 200),
        ])
    func wildcard(host: String, status expected: Int) async throws {
        #expect(try await status(Self.wild, host).0 == expected)
    }

    @Test(
        "a host that is listed with www. is sent there",
        arguments: [
            ("apex.org", "/", "http://www.apex.org/"),
            ("Apex.org:8080", "/x%20y?q=%20", "http://www.Apex.org:8080/x%20y?q=%20"),
            ("redirect.net", "/nope", "http://www.redirect.net/nope"),
            ("apex.org", "/p/a%2Fb/%ff?x=%2f", "http://www.apex.org/p/a%2Fb/%ff?x=%2f"),
            ("apex.org", "//evil.example", "http://www.apex.org/%2Fevil.example"),
        ])
    func www(host: String, target: String, location: String) async throws {
        #expect(try await status(Self.wild, host, target) == (307, location))
    }

    @Test("what has no path is not sent on: a host would follow the host")
    func asterisk() async throws {
        var call = Call("OPTIONS", "*")
        call.host = "apex.org"
        #expect(try await Self.wild.answer(call).status == .badRequest)
    }

    @Test("the redirect to www. can be turned off, and a star turns the check off")
    func switches() async throws {
        var app = App()
        app.middleware = [TrustedHost(["www.apex.org"], redirectsToWWW: false)]
        #expect(try await status(app.build(), "apex.org") == (400, "Invalid host header"))
        #expect(try await status(Self.app(["*", "a"]), "evil.com") == (200, "Hello"))
    }

    @Test("the redirect keeps https that a proxy ended")
    func scheme() async throws {
        var call = Call("GET", "/", ("x-forwarded-proto", "https"))
        call.host = "apex.org"
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        let response = try await Self.wild.answer(call)
        #expect(response.headers[.location] == "https://www.apex.org/")
    }
}
