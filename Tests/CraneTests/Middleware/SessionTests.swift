import CraneSystem
import CraneTesting
import HTTPTypes
import Synchronization
import Testing

@testable import Crane

@Suite("Sessions in a signed cookie")
struct SessionTests {
    private static let secret = "0123456789abcdef0123456789abcdef"

    private final class Clock: Sendable {
        private let seconds = Mutex<UInt64>(1_800_000_000)
        var now: UInt64 { seconds.withLock { $0 } }
        func advance(by more: UInt64) { seconds.withLock { $0 += more } }
    }

    private let clock = Clock()

    private func app(_ secrets: [String] = [secret], cookie: String = "session") -> App {
        let maxAge = Duration.seconds(1000)
        let seal = SessionSeal(secrets, cookie: cookie, maxAge: maxAge) { [clock] in clock.now }
        var app = App(logger: quiet)
        app.middleware = [Sessions(seal, maxAge, "/", nil, .lax, nil)]
        app.get("/", SessionInput()) { session in
            PlainText(session.value("name", as: String.self) ?? "nobody")
        }
        app.get("/unused") { "unused" }
        app.post("/login/{name}", Path("name", String.self), SessionInput()) { name, session in
            session["name"] = .string(name)
            return "welcome"
        }
        app.post("/logout", SessionInput()) { session in
            session.clear()
            return "bye"
        }
        app.post("/fill/{count}", Path("count", Int.self), SessionInput()) { count, session in
            session["filler"] = .string(String(repeating: "x", count: count))
            return "full"
        }
        return app
    }

    private func cookie(_ app: App) async throws -> String {
        let client = TestClient(app)
        _ = try await client.post("/login/ada")
        return try #require(client.cookies["session"])
    }

    private func name(_ app: App, _ cookie: String) async throws -> String {
        try await TestClient(app).get("/", headers: [.cookie: "session=\(cookie)"]).text
    }

    @Test("keep what a handler sets, are written when that changes, and end when it is removed")
    func whole() async throws {
        let client = TestClient(app())
        let unused = try await client.get("/unused")
        #expect(unused.headers[.setCookie] == nil && unused.headers[.vary] == nil)
        let nobody = try await client.get("/")
        #expect(nobody.text == "nobody" && nobody.headers[.setCookie] == nil)
        #expect(nobody.headers[.vary] == "Cookie")
        let welcome = try await client.post("/login/ada")
        let field = try #require(welcome.headers[.setCookie])
        #expect(
            field.hasPrefix("session=") && field.hasSuffix("; HttpOnly; Max-Age=1000; Path=/; SameSite=lax"))
        let read = try await client.get("/")
        #expect(read.text == "ada" && read.headers[.setCookie] == nil)
        // The same value again is no change.
        #expect(try await client.post("/login/ada").headers[.setCookie] == nil)
        #expect(try await client.post("/logout").headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(client.cookies == [:])
        #expect(try await client.post("/logout").headers[.setCookie] == nil)
    }

    @Test("are secure where the client used HTTPS")
    func secure() async throws {
        var call = Call("POST", "/login/ada", ("x-forwarded-proto", "https"))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        let field = try await app().build().answer(call).headers[.setCookie]
        #expect(field?.hasSuffix("; Secure") == true)
    }

    @Test("count as none when they are forged, cut, of another name, broken or too long")
    func forged() async throws {
        let app = app()
        let good = try await cookie(app)
        #expect(try await name(app, good) == "ada")
        let point = try #require(good.firstIndex(of: "."))
        let (content, signature) = (String(good[..<point]), String(good[good.index(after: point)...]))
        let other = try await cookie(self.app(["another secret of more than 32 bytes"]))
        let changed = (content.first == "A" ? "B" : "A") + content.dropFirst()
        for bad in [
            "", ".", content, "\(content).", ".\(signature)", "\(changed).\(signature)",
            "\(content).\(signature)A",
            "\(content).\(signature.dropLast())", other, "\(content)=.\(signature)",
            "\(content)+.\(signature)",
            "\(content).\(signature).\(signature)", String(repeating: "A", count: 5000) + ".\(signature)",
            String(repeating: good, count: 40),
        ] {
            #expect(try await name(app, bad) == "nobody", "\(bad)")
        }
        // The signature is over the cookie's name too.
        let renamed = self.app(cookie: "cart")
        #expect(
            try await TestClient(renamed).get("/", headers: [.cookie: "cart=\(good)"]).text == "nobody")
        // What is signed and is no object of JSON, or has no time.
        let key = HMACKey(Array(Self.secret.utf8))
        for content in [
            [], [1], Array(repeating: UInt8(0), count: 8), Array("\0\0\0\0kI\u{12}\u{1}[1]".utf8),
        ] {
            let tag = key.tag(Array("session session\0".utf8) + content)
            let cookie = Base64.encodeForURL(content) + "." + Base64.encodeForURL(tag)
            #expect(try await name(app, cookie) == "nobody")
        }
    }

    @Test("end with their time, and are renewed by use in its second half")
    func time() async throws {
        let app = app()
        let client = TestClient(app)
        _ = try await client.post("/login/ada")
        let first = try #require(client.cookies["session"])
        clock.advance(by: 500)
        #expect(try await client.get("/").headers[.setCookie] == nil)
        clock.advance(by: 1)
        #expect(try await client.get("/unused").headers[.setCookie] == nil)
        #expect(try await client.get("/").headers[.setCookie] != nil)
        clock.advance(by: 499)
        #expect(try await name(app, first) == "nobody")
        #expect(try await client.get("/").text == "ada")
    }

    @Test("survive a change of secrets, and are signed anew")
    func rotation() async throws {
        let old = try await cookie(app())
        let new = "a new secret that is long enough for it"
        let both = TestClient(InMemoryTransport(app([new, Self.secret]).build()), cookies: ["session": old])
        #expect(try await both.get("/").text == "ada")
        let renewed = try #require(both.cookies["session"])
        #expect(renewed != old)
        #expect(try await name(app([new]), renewed) == "ada")
        #expect(try await name(app([new]), old) == "nobody")
    }

    @Test("that no cookie holds are an error, and nothing of them is written")
    func bounds() async throws {
        let client = TestClient(app())
        #expect(try await client.post("/fill/2800").status == .ok)
        #expect(client.cookies["session"] != nil)
        let refused = try await client.post("/fill/3100")
        #expect(refused.status == .internalServerError && refused.headers[.setCookie] == nil)
    }

    @Test("need their middleware")
    func missing() async throws {
        var app = App(logger: quiet)
        app.get("/", SessionInput()) { _ in "unreachable" }
        #expect(try await TestClient(app).get("/").status == .internalServerError)
    }

    @Test("hold values of described types")
    func typed() async throws {
        var app = app()
        app.get("/typed", SessionInput()) { session in
            session.set("seen", to: [1, 2])
            #expect(session.value("seen", as: [Int].self) == [1, 2])
            #expect(session.value("seen", as: String.self) == nil)
            #expect(session.value("none", as: Int.self) == nil)
            session["seen"] = nil
            return session.isEmpty
        }
        #expect(try await TestClient(app).get("/typed").text == "true")
    }

    @Test("are signed as RFC 4231 and FIPS 180-4 say")
    func vectors() {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(
            hex(SHA256.digest(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hex(SHA256.digest([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            hex(SHA256.digest(Array(repeating: 97, count: 200)))
                == "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5")
        #expect(
            hex(HMACKey(Array("Jefe".utf8)).tag(Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMACKey(Array(repeating: 0xAA, count: 131))
        let message = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(hex(long.tag(message)) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(!long.isTag(long.tag(message).dropLast(), of: message))
    }
}

@Suite("Tokens against forged forms")
struct CSRFTokenTests {
    private static func app() -> App {
        var app = App(logger: quiet)
        app.middleware = [Sessions(secrets: ["0123456789abcdef0123456789abcdef"])]
        app.get("/token", SessionInput()) { session in PlainText(CSRF.token(for: session)) }
        app.post("/form", Form("text", String.self)) { text in PlainText(text) }.dependencies(CSRF.formToken)
        app.post("/json", Body(String.self)) { text in PlainText(text) }.dependencies(CSRF.headerToken)
        return app
    }

    @Test("are asked for, by form or by field, and belong to one session")
    func tokens() async throws {
        let client = TestClient(Self.app())
        let first = try await client.get("/token").text
        let second = try await client.get("/token").text
        #expect(first != second)
        for token in [first, second] {
            let form = try await client.post("/form", form: ["text": "hello", "csrf_token": token])
            #expect(form.text == "hello")
            let name = try #require(HTTPField.Name(CSRF.header))
            #expect(try await client.post("/json", json: #""hello""#, headers: [name: token]).text == "hello")
        }
        let stranger = TestClient(Self.app())
        let theirs = try await stranger.get("/token").text
        for token in [
            "", "x", theirs, first + "A", String(first.dropLast()), String(repeating: "A", count: 43),
        ] {
            let form = try await client.post("/form", form: ["text": "hello", "csrf_token": token])
            #expect(form.status == .forbidden, "\(token)")
        }
        #expect(try await client.post("/form", form: ["text": "hello"]).status == .forbidden)
        #expect(try await client.post("/json", json: #""hello""#).status == .forbidden)
        // Without a session there is no token that would do.
        let nobody = try await TestClient(Self.app()).post("/form", form: ["text": "a", "csrf_token": first])
        #expect(nobody.status == .forbidden)
    }
}
