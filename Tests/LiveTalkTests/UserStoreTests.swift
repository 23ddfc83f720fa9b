import Crane
import CranePasswords
import CraneSchema
import Synchronization
import TestSupport
import Testing

@testable import LiveTalk

#if POSTGRES
import CranePostgres
#endif

/// What every store of users must do, whatever it is made of.
@Suite("A store of users", .timeLimit(.minutes(5)))
struct UserStoreTests {
    /// The same users as a service, a client and an operator see them.
    private struct Place {
        let store: any UserStore
        let directory: any UserDirectory
        let client: Client

        /// Adds ada, whose password is a correct horse.
        func addAda() throws -> User {
            let hash = try #require(PasswordHash(of: "correct horse"))
            return try #require(try directory.add("ada", hash, isDemo: false, isModerator: false))
        }

        func login(_ name: String = "ada", _ password: String = "correct+horse") async throws -> Client.Answer
        {
            try await client.send(
                "POST", "/auth/token", headers: ["Content-Type: application/x-www-form-urlencoded"],
                body: Array("username=\(name)&password=\(password)".utf8))
        }
    }

    private func withUsers(
        _ kind: Room.Kind, _ clock: (@Sendable () -> Timestamp)? = nil, _ body: (Place) async throws -> Void
    ) async throws {
        let now = clock ?? { .now }
        #if POSTGRES
        if kind == .postgres {
            let url = try PostgresServer.shared().database()
            let node = try PostgresNode(url)
            let database = PostgresClient(try PostgresConfiguration(url))
            defer { withExtendedLifetime(node) { database.close() } }
            let session = try PostgresBlockingSession(database.configuration)
            let directory = PostgresUserDirectory(session: session)
            let store = PostgresUserStore(database, now: now)
            return try await body(Place(store: store, directory: directory, client: node.client))
        }
        #endif
        let store = SQLiteUserStore(try .testing(), now: now)
        try await body(Place(store: store, directory: store, client: Client(users: store)))
    }

    @Test("gives out a token that is good for every scheme that takes one", arguments: Room.Kind.all)
    func tokens(_ kind: Room.Kind) async throws {
        try await withUsers(kind) { place in
            let ada = try place.addAda()
            let answer = try await place.login()
            #expect(answer.status == 200)
            let token = try #require(answer.body.firstMatch(of: /"access_token":"(\S{43})"/)).1
            for (path, header) in [
                ("/auth/me", "Authorization: Bearer \(token)"),
                ("/auth/oauth2", "Authorization: Bearer \(token)"),
                ("/auth/api-key", "X-API-Key: \(token)"),
                ("/auth/basic", "Authorization: Basic YWRhOmNvcnJlY3QgaG9yc2U="),
            ] {
                let answer = try await place.client.send("GET", path, headers: [header])
                #expect(answer.body == #"{"id":\#(ada.id),"name":"ada"}"#)
            }
            for (name, password) in [("ada", "wrong"), ("nobody", "correct+horse"), ("%00", "%00")] {
                #expect(try await place.login(name, password).status == 401)
            }
        }
    }

    @Test(
        "knows a name in whatever form it is typed, and gives it to one user only", arguments: Room.Kind.all)
    func names(_ kind: Room.Kind) async throws {
        try await withUsers(kind) { place in
            let hash = PasswordHash(text: "$argon2id$1")
            let user = try #require(
                try place.directory.add("nai\u{308}ve", hash, isDemo: false, isModerator: false))
            for name in ["na\u{EF}ve", "nai\u{308}ve"] {
                #expect(try place.directory.add(name, hash, isDemo: false, isModerator: true) == nil)
                #expect(try await place.store.entry(named: name)?.user.id == user.id)
            }
            let kept = try #require(try place.directory.entries().first)
            #expect(kept.user.name.utf8.count == 6 && kept.password == hash)
            #expect(!kept.isModerator && !kept.isDisabled)
            #expect(try await place.store.entry(named: "Na\u{EF}ve") == nil)
        }
    }

    @Test("ends a token when its time is over", arguments: Room.Kind.all)
    func expiry(_ kind: Room.Kind) async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000))
        let now: @Sendable () -> Timestamp = { clock.withLock { $0 } }
        try await withUsers(kind, now) { place in
            let ada = try place.addAda()
            try await place.store.keep("t", of: ada, for: .seconds(1))
            clock.withLock { $0 = Timestamp(microseconds: 1_999_999) }
            #expect(try await place.store.user(token: "t", moderating: false) == ada)
            clock.withLock { $0 = Timestamp(microseconds: 2_000_000) }
            #expect(try await place.store.user(token: "t", moderating: false) == nil)
        }
    }

    @Test(
        "keeps so many tokens of a user and no more, the newest, until one is ended", arguments: Room.Kind.all
    )
    func tokenBound(_ kind: Room.Kind) async throws {
        let clock = Mutex(0)
        let now: @Sendable () -> Timestamp = { Timestamp(microseconds: clock.withLock { $0 }) }
        try await withUsers(kind, now) { place in
            let ada = try place.addAda()
            for number in 0...UserEntry.tokens {
                clock.withLock { $0 += 1 }
                try await place.store.keep("t\(number)", of: ada, for: nil)
            }
            #expect(try await place.store.user(token: "t0", moderating: false) == nil)
            #expect(try await place.store.user(token: "t1", moderating: false) == ada)
            try await place.store.forget("t1")
            #expect(try await place.store.user(token: "t1", moderating: false) == nil)
            #expect(try await place.store.user(token: "t2", moderating: false) == ada)
        }
    }

    @Test("keeps no token that could not be shown, and loses none for it", arguments: Room.Kind.all)
    func unshown(_ kind: Room.Kind) async throws {
        struct Unshown: Error {}
        try await withUsers(kind) { place in
            let ada = try place.addAda()
            for number in 0..<UserEntry.tokens {
                try place.directory.keepWaiting("t\(number)", of: ada, for: nil) {}
            }
            #expect(throws: Unshown.self) {
                try place.directory.keepWaiting("new", of: ada, for: nil) { throw Unshown() }
            }
            #expect(try await place.store.user(token: "new", moderating: false) == nil)
            #expect(try await place.store.user(token: "t0", moderating: false) == ada)
        }
    }

    @Test("lets one who is disabled in no more, at once", arguments: Room.Kind.all)
    func disabled(_ kind: Room.Kind) async throws {
        try await withUsers(kind) { place in
            let ada = try place.addAda()
            try await place.store.keep("t", of: ada, for: nil)
            #expect(try place.directory.disable("ada"))
            #expect(try !place.directory.disable("nobody"))
            #expect(try await place.login().status == 401)
            let answer = try await place.client.send("GET", "/auth/me", headers: ["Authorization: Bearer t"])
            #expect(answer.status == 401)
            #expect(try place.directory.entries().map(\.isDisabled) == [true])
        }
    }

    @Test("knows who is a moderator, from the next request on", arguments: Room.Kind.all)
    func moderators(_ kind: Room.Kind) async throws {
        try await withUsers(kind) { place in
            let ada = try place.addAda()
            try await place.store.keep("t", of: ada, for: nil)
            #expect(try await place.store.user(token: "t", moderating: true) == nil)
            let bearer = ["Authorization: Bearer t"]
            let changes = "/talks/1/changes?role=moderator&wait=0"
            #expect(try await place.client.send("GET", changes, headers: bearer).status == 403)
            #expect(try place.directory.setModerator("ada", true))
            #expect(try !place.directory.setModerator("nobody", true))
            #expect(try await place.store.user(token: "t", moderating: true) == ada)
            #expect(try await place.client.send("GET", changes, headers: bearer).status == 200)
        }
    }

    @Test(
        "knows the demo user only where that is asked for, and forgets it afterwards",
        arguments: Room.Kind.all)
    func demoUser(_ kind: Room.Kind) async throws {
        try await withUsers(kind) { place in
            try place.directory.setDemoUser(true)
            try place.directory.setDemoUser(true)
            #expect(
                try await place.store.user(token: DemoUser.token, moderating: false)?.name == DemoUser.name)
            let answer = try await place.login(DemoUser.name, DemoUser.password)
            #expect(answer.body == #"{"access_token":"test-token","token_type":"bearer"}"#)
            try place.directory.setDemoUser(false)
            #expect(try await place.store.user(token: DemoUser.token, moderating: false) == nil)
            #expect(try place.directory.entries().isEmpty)
        }
    }
}
