import Crane
import CraneTesting
import Synchronization
import Testing

@testable import CranePasswords

@Suite("Passwords")
struct PasswordTests {
    @Test("are kept with a salt of their own, and matched in either spelling")
    func salted() throws {
        let hash = try #require(PasswordHash(of: "correct p\u{E4}ss"))
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(hash != PasswordHash(of: "correct p\u{E4}ss"))
        #expect(hash.matches("correct p\u{E4}ss") && hash.matches("correct pa\u{308}ss"))
        #expect(!hash.matches("correct pass") && !hash.matches(""))
        #expect(PasswordHash(text: hash.text) == hash)
    }

    @Test("are matched to the hash of another program, and to nothing that is none")
    func others() {
        // The test vector of the reference implementation, whose parameters are others.
        let text =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(PasswordHash(text: text).matches("password"))
        #expect(!PasswordHash(text: text).matches("passwore"))
        for broken in ["", "password", String(text.dropLast()), "$argon2id$"] {
            #expect(!PasswordHash(text: broken).matches("password"))
        }
        #expect(!PasswordHash.decoy.matches("") && PasswordHash.decoy.text.hasPrefix("$argon2id$"))
    }

    private func app(_ passwords: Passwords, _ kept: PasswordHash?) -> App {
        var app = App()
        app.post("/login", Body(String.self), ContextInput()) { password, context in
            try await passwords.match(password, kept, context)
        }
        app.post("/hash", Body(String.self), ContextInput()) { password, context in
            try await passwords.hash(password, context).text
        }
        return app
    }

    @Test("are checked off the loop, and no hash matches none")
    func offTheLoop() async throws {
        let kept = try #require(PasswordHash(of: "right"))
        let client = TestClient(app(Passwords(), kept))
        #expect(try await client.post("/login", json: #""right""#).json() == true)
        #expect(try await client.post("/login", json: #""wrong""#).json() == false)
        let made = try await client.post("/hash", json: #""new""#).decoded(as: String.self)
        #expect(PasswordHash(text: made).matches("new"))
        let nobody = TestClient(app(Passwords(), nil))
        #expect(try await nobody.post("/login", json: #""right""#).json() == false)
    }

    @Test("are refused with 503 where nobody may wait any more")
    func bound() async throws {
        let passwords = Passwords(atOnce: 0, waiting: 0)
        let refused = try await TestClient(app(passwords, nil)).post("/login", json: #""x""#)
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.headers[.retryAfter] != nil)
    }

    @Test("tokens are random texts that are kept as hashes")
    func tokens() {
        let token = SecretToken.random()
        #expect(token.count == 43 && token != SecretToken.random())
        #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        #expect(SecretToken.hash(of: token) == SecretToken.hash(of: token))
        #expect(SecretToken.hash(of: token).count == 32)
        #expect(SecretToken.equal([1, 2], [1, 2]))
        #expect(!SecretToken.equal([1, 2], [1, 3]) && !SecretToken.equal([1], [1, 2]))
        #expect(SecretToken.randomBytes(12).count == 12)
    }

    @Test("hashes are BLAKE2b's, with a key or without")
    func hashes() {
        // RFC 7693, appendix A.
        let expected = """
            ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923
            """
        let hash = BLAKE2b.hash(Array("abc".utf8), count: 64)
        let hex = hash.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        #expect(hex == expected)
        #expect(BLAKE2b.hash([1], count: 16).count == 16)
        #expect(BLAKE2b.hash([1], key: [7]) != BLAKE2b.hash([1]))
        #expect(BLAKE2b.hash([1], key: [7]) != BLAKE2b.hash([1], key: [8]))
    }
}
