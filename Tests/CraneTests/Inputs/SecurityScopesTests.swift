import Crane
import CraneTesting
import HTTPTypes
import Testing

@Suite("Scopes")
struct SecurityScopesTests {
    private static func app() -> App {
        let oauth2 = OAuth2PasswordBearer(tokenURL: "token", scopes: ["read": "Read", "write": "Write"])
        let wanted = Dependency(oauth2, SecurityScopesInput()) { token, scopes in
            try scopes.check(token.split(separator: "+").map(String.init))
            return scopes.text
        }
        let inner = Dependency(wanted.scopes("write")) { $0 }
        var app = App()
        app.get("/none", wanted) { PlainText($0) }
        app.get("/read", wanted.scopes("read")) { PlainText($0) }
        app.get("/nested", inner.scopes("read")) { PlainText($0) }
        app.get("/both", wanted, wanted.scopes("read"), wanted.scopes("write", "read")) {
            PlainText("[\($0)] [\($1)] [\($2)]")
        }
        return app
    }

    @Test(
        "are what all that leads to a dependency wants of it",
        arguments: [
            ("/none", ""), ("/read", "read"), ("/nested", "read write"), ("/both", "[] [read] [write read]"),
        ])
    func wanted(path: String, text: String) async throws {
        let answer = try await TestClient(Self.app()).get(
            path, headers: [.authorization: "Bearer read+write+more"])
        #expect(answer.status == .ok && answer.text == text)
    }

    @Test("are refused with a challenge where they were not granted")
    func refusal() async throws {
        let client = TestClient(Self.app())
        let answer = try await client.get("/nested", headers: [.authorization: "Bearer read"])
        #expect(answer.status == .forbidden && answer.text == #"{"detail":"Not enough permissions"}"#)
        #expect(
            answer.headers[.wwwAuthenticate] == #"Bearer error="insufficient_scope", scope="read write""#)
        #expect(try await client.get("/nested").status == .unauthorized)
    }

    @Test("stand in the document beside their scheme")
    func document() throws {
        let paths = try JSONValue.parse(Self.app().openAPI())["paths"]
        func security(_ path: String) -> String? { paths?[path]?["get"]?["security"]?.json }
        #expect(security("/none") == #"[{"OAuth2PasswordBearer":[]}]"#)
        #expect(security("/read") == #"[{"OAuth2PasswordBearer":["read"]}]"#)
        #expect(security("/nested") == #"[{"OAuth2PasswordBearer":["read","write"]}]"#)
    }

    @Test("are wanted of who stands in a dependency's place, too")
    func overriding() async throws {
        let user = Dependency(SecurityScopesInput()) { _ in "somebody" }
        var app = App()
        app.get("/", user.scopes("read")) { PlainText($0) }
        app.override(user, SecurityScopesInput()) { scopes in "test \(scopes.text)" }
        #expect(try await TestClient(app).get("/").text == "test read")
    }
}
