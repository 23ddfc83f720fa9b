import Testing

@testable import Crane

@Suite("Fields for safety, and the way to HTTPS")
struct SecurityHeadersTests {
    private static func secure(_ target: String) -> Call {
        var call = Call("GET", target, ("x-forwarded-proto", "https"))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        return call
    }

    private static func app(_ headers: SecurityHeaders) -> AppResponder {
        var app = App(logger: quiet)
        app.middleware = [CORS(allowOrigins: ["*"]), headers]
        app.get("/") { "plain" }
        app.get("/own") { _, _ in
            var response = Response.text("own")
            response.headers[.contentSecurityPolicy] = "default-src 'none'"
            response.headers[.referrerPolicy] = "no-referrer"
            return response
        }
        return app.build()
    }

    private static let usual = [
        "Content-Security-Policy: \(SecurityHeaders.ownFilesOnly)", "Cross-Origin-Opener-Policy: same-origin",
        "Referrer-Policy: strict-origin-when-cross-origin", "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
    ]

    private func fields(_ response: Response) -> [String] {
        response.allFields.filter { $0.name != .contentType && $0.name != .accessControlAllowOrigin }
            .map { field in
                let words = field.name.canonicalName.split(separator: "-").map {
                    $0.prefix(1).uppercased() + $0.dropFirst()
                }
                return "\(words.joined(separator: "-")): \(field.value)"
            }.sorted()
    }

    @Test("stand on every response, with those that HTTPS alone has")
    func usual() async throws {
        let app = Self.app(SecurityHeaders())
        #expect(fields(try await app.answer(Call("GET", "/"))) == Self.usual)
        #expect(fields(try await app.answer(Call("GET", "/nowhere"))) == Self.usual)
        let secure = fields(try await app.answer(Self.secure("/")))
        #expect(Set(secure) == Set(Self.usual + ["Strict-Transport-Security: max-age=31536000"]))
        let crossing = try await app.answer("GET", "/", ("origin", "https://elsewhere.example"))
        #expect(crossing.allFields[.accessControlAllowOrigin] == "*" && fields(crossing) == Self.usual)
    }

    @Test("leave a response its own, and are left out where they are not wanted")
    func own() async throws {
        let own = fields(try await Self.app(SecurityHeaders()).answer(Call("GET", "/own")))
        #expect(own.contains("Content-Security-Policy: default-src 'none'"))
        #expect(own.contains("Referrer-Policy: no-referrer") && own.count == Self.usual.count)
        let few = SecurityHeaders(
            contentSecurityPolicy: nil, strictTransportSecurity: nil, frameOptions: nil, referrerPolicy: nil,
            crossOriginOpenerPolicy: nil, permissionsPolicy: "camera=()")
        #expect(
            fields(try await Self.app(few).answer(Self.secure("/")))
                == ["Permissions-Policy: camera=()", "X-Content-Type-Options: nosniff"])
    }

    @Test("send plain HTTP to HTTPS, but for what may have it")
    func redirect() async throws {
        var app = App(logger: quiet)
        app.middleware = [HTTPSRedirect(exempt: ["/live"])]
        app.get("/{rest:path}") { _, _ in .text("here") }
        let responder = app.build()
        func location(_ target: String, host: String?) async throws -> String? {
            var call = Call("GET", target)
            call.host = host
            return try await responder.answer(call).headers[.location]
        }
        #expect(try await location("/a%2Fb?q=1", host: "a.example:8000") == "https://a.example/a%2Fb?q=1")
        #expect(
            try await location("//evil.example", host: "a.example") == "https://a.example/%2Fevil.example")
        #expect(try await location("/", host: "[2001:db8::1]:80") == "https://[2001:db8::1]/")
        #expect(try await location("/live", host: "a.example") == nil)
        var call = Call("GET", "/")
        #expect(try await responder.answer(call).status == .temporaryRedirect)
        call.host = nil
        #expect(try await responder.answer(call).status == .badRequest)
        #expect(try await responder.answer(Self.secure("/")).status == .ok)
        var moved = App(logger: quiet)
        moved.middleware = [HTTPSRedirect(status: .permanentRedirect, port: 8443)]
        let response = try await moved.build().answer(Call("GET", "/"))
        #expect(response.status == .permanentRedirect)
        #expect(response.headers[.location] == "https://testserver:8443/")
    }
}
