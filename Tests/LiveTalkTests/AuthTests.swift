import Crane
import CraneHTTP
import CranePasswords
import CraneSQLite
import CraneSchema
import CraneService
import Synchronization
import Testing

@testable import LiveTalk

@Suite("Logging in")
struct AuthTests {
    private static let good = "username=ada&password=correct+horse"
    private static let form = ["Content-Type: application/x-www-form-urlencoded"]

    private func login(_ client: Client, _ form: String) async throws -> Client.Answer {
        try await client.send("POST", "/auth/token", headers: Self.form, body: Array(form.utf8))
    }

    private func store(now: @escaping @Sendable () -> Timestamp = { .now }) throws -> SQLiteUserStore {
        let store = SQLiteUserStore(try .testing(), now: now)
        let hash = try #require(PasswordHash(of: "correct horse"))
        #expect(try store.add("ada", hash)?.id == 1)
        return store
    }

    private func client(_ store: SQLiteUserStore) throws -> Client {
        try Client(users: store)
    }

    @Test("takes a name and a password in whatever form they are typed, and by HTTP Basic too")
    func unicode() async throws {
        let composed = "p\u{E4}ss"
        let decomposed = "pa\u{308}ss"
        let users = try store()
        for (name, kept) in [("caf\u{E9}", composed), ("nai\u{308}ve", decomposed)] {
            #expect(try users.add(name, #require(PasswordHash(of: kept))) != nil)
        }
        #expect(try users.add("na\u{EF}ve", #require(PasswordHash(of: "x"))) == nil)
        #expect(try users.entry(named: "nai\u{308}ve")?.user.name.utf8.count == 6)
        let client = try client(users)
        for name in ["caf\u{E9}", "cafe\u{301}", "na\u{EF}ve", "nai\u{308}ve"] {
            for password in [composed, decomposed] {
                let form = "username=\(name.percentEncoded())&password=\(password.percentEncoded())"
                #expect(try await login(client, form).status == 200)
            }
        }
        #expect(try await login(client, "username=cafe&password=pass").status == 401)
        for basic in ["Y2Fmw6k6cMOkc3M=", "Y2FmZcyBOnBhzIhzcw=="] {
            #expect(
                try await client.send("GET", "/auth/basic", headers: ["Authorization: Basic  \(basic)"])
                    .status == 200)
        }
        let refused = try await client.send("GET", "/auth/basic", headers: ["Authorization: Basic YTpi"])
        #expect(refused.headers[.wwwAuthenticate] == #"Basic charset="UTF-8""#)
    }

    @Test("lets a user in whose name was kept decomposed by an earlier version")
    func earlierUser() async throws {
        let users = try store()
        try users.database.transaction { try $0.execute("UPDATE user SET name = 'a' || char(0x308) || 'da'") }
        let answer = try await login(try client(users), "username=%C3%A4da&password=correct+horse")
        #expect(answer.status == 200)
        #expect(answer.headers[.cacheControl] == "no-store")
    }

    @Test("answers a wrong password and an unknown name alike")
    func refusals() async throws {
        let client = try client(store())
        for form in ["username=ada&password=wrong", "username=nobody&password=correct+horse"] {
            let answer = try await login(client, form)
            #expect(answer.status == 401)
            #expect(answer.body == #"{"detail":"Incorrect username or password"}"#)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        }
    }

    @Test("is refused for an address, and for a name, after too many that failed, whatever the password")
    func failedLogins() async throws {
        var settings = Settings()
        settings.failedLogins = RateRule(count: 3, seconds: 3600)
        let users = try store()
        #expect(try users.add("eve\u{E9}", #require(PasswordHash(of: "pass"))) != nil)
        var client = try Client(settings, users: users)
        func from(_ address: String) { client.peer = PeerAddress(ip: IPAddress(address), port: 1) }
        func status(_ form: String) async throws -> Int { try await login(client, form).status }
        func basic(_ credentials: String) async throws -> Int {
            try await client.send("GET", "/auth/basic", headers: ["Authorization: Basic \(credentials)"])
                .status
        }
        from("2001:db8::1")
        let right = "YWRhOmNvcnJlY3QgaG9yc2U="
        #expect(try await basic(right) == 200)
        // Two spellings of one name, by either route, and one that nobody has.
        #expect(try await status("username=eve%C3%A9&password=wrong") == 401)
        #expect(try await basic("ZXZlZcyBOndyb25n") == 401)
        #expect(try await status("username=nobody&password=wrong") == 401)
        let refused = try await login(client, Self.good)
        #expect(refused.status == 429)
        #expect(refused.body == #"{"detail":"Too many failed logins"}"#)
        // A third of the hour from the first that failed; hashing takes its time on a busy machine.
        #expect(try (1100...1200).contains(#require(refused.headers[.retryAfter].flatMap { Int($0) })))
        // What was right a moment ago needs no login.
        #expect(try await basic(right) == 200)
        from("2001:db8::2")
        #expect(try await status(Self.good) == 429)
        from("2001:db8:0:1::1")
        #expect(try await status(Self.good) == 200)
        #expect(try await status("username=eve%C3%A9&password=wrong") == 401)
        from("192.0.2.1")
        #expect(try await status("username=eve%C3%A9&password=pass") == 429)
        #expect(try await status("username=nobody&password=wrong") == 401)
        client.peer = .unixSocket
        #expect(try await status(Self.good) == 200)
    }

    @Test("is not counted where the setting is off")
    func failedLoginsOff() async throws {
        var settings = Settings()
        settings.failedLogins = nil
        let client = try Client(settings, users: store())
        for _ in 0..<32 { #expect(try await login(client, "username=ada&password=wrong").status == 401) }
        #expect(try await login(client, Self.good).status == 200)
    }

    @Test("keeps neither password nor token as they are")
    func secrets() async throws {
        let store = try store()
        let entry = try #require(try store.entry(named: "ada"))
        #expect(entry.password.text.hasPrefix("$argon2id$"))
        #expect(entry.password != PasswordHash(of: "correct horse"))
        #expect(entry.password.matches("correct horse"))
        #expect(!entry.password.matches("correct horsE"))
        try await store.keep("a token", of: entry.user, for: nil)
        #expect(try store.user(token: "a token") == entry.user)
        #expect(SecretToken.random() != SecretToken.random())
    }

    @Test("knows the demo user only where that is asked for")
    func demoUser() async throws {
        var settings = Settings()
        let form = "username=testuser&password=testpass"
        #expect(try await login(Client(settings), form).status == 401)
        settings.demoUser = true
        #expect(
            try await login(Client(settings), form).body
                == #"{"access_token":"test-token","token_type":"bearer"}"#)
    }

    @Test("hashes a password that comes with every request once a minute, and never trusts another")
    func verifiedPasswords() throws {
        let clock = Mutex(ContinuousClock.now)
        let verified = VerifiedPasswords(capacity: 2, lifetime: .seconds(60)) { clock.withLock { $0 } }
        let hash = PasswordHash(text: "$argon2id$1")
        #expect(!verified.contains("right", for: hash))
        verified.insert("right", for: hash)
        #expect(verified.contains("right", for: hash))
        #expect(!verified.contains("righT", for: hash))
        #expect(!verified.contains("right", for: PasswordHash(text: "$argon2id$2")))
        clock.withLock { $0 += .seconds(60) }
        #expect(!verified.contains("right", for: hash))
        for password in ["1", "2", "3"] { verified.insert(password, for: hash) }
        #expect(!verified.contains("1", for: hash))
        #expect(verified.contains("3", for: hash))
    }

    @Test("by HTTP Basic is over at once for a user who is disabled")
    func returningUser() async throws {
        let store = try store()
        let client = try client(store)
        let basic = ["Authorization: Basic YWRhOmNvcnJlY3QgaG9yc2U="]
        for _ in 0..<2 {
            #expect(try await client.send("GET", "/auth/basic", headers: basic).status == 200)
        }
        let wrong = ["Authorization: Basic YWRhOndyb25n"]
        #expect(try await client.send("GET", "/auth/basic", headers: wrong).status == 401)
        #expect(try store.disable("ada"))
        #expect(try await client.send("GET", "/auth/basic", headers: basic).status == 401)
    }
}
