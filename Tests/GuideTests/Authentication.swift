// The examples of Docs/Guide/Authentication.md.
import Crane

struct Member: SchemaRepresentable {
    let id: Int
    let name: String

    static let schema = Object(Member.init) {
        Field("id", \.id)
        Field("name", \.name)
    }
}

struct Members: Sendable {
    func member(token: String) throws -> Member {
        guard token == "test-token" else { throw HTTPError(.unauthorized, "Invalid token") }
        return Member(id: 1, name: "ada")
    }

    func member(name: String, password: String) throws -> Member {
        guard name == "ada", password == "lovelace" else {
            throw HTTPError(
                .unauthorized, "Incorrect username or password", headers: [.wwwAuthenticate: "Bearer"])
        }
        return Member(id: 1, name: "ada")
    }
}

struct Token: SchemaRepresentable {
    let accessToken: String
    let tokenType: String

    static let schema = Object(Token.init) {
        Field("access_token", \.accessToken)
        Field("token_type", \.tokenType)
    }
}

func authRouter(_ members: Dependency<Members>) -> APIRouter {
    let member = Dependency(HTTPBearer(), members) { sent, members in
        try members.member(token: sent.credentials)
    }

    var router = APIRouter(prefix: "/auth", tags: ["auth"])
    router.post("/token", OAuth2PasswordRequestForm.input, members) { form, members in
        _ = try members.member(name: form.username, password: form.password)
        return Token(accessToken: "test-token", tokenType: "bearer")
    }.name("login")
    router.get("/me", member) { member in member }.name("read_me")
    return router
}

func membersApp() -> App {
    var app = App(title: "Members")
    app.include(authRouter(.constant(Members())))
    return app
}

func scopedApp() -> App {
    let oauth2 = OAuth2PasswordBearer(
        tokenURL: "token", scopes: ["notes:read": "Read notes", "notes:write": "Write notes"])
    let reader = Dependency(oauth2, SecurityScopesInput()) { token, scopes in
        // A token names what it allows here; yours knows it from a database.
        try scopes.check(token.split(separator: "+").map(String.init))
        return Member(id: 1, name: "ada")
    }
    var app = App(title: "Notes")
    app.get("/notes", reader.scopes("notes:read")) { member in ["of": member.name] }
    app.post("/notes", reader.scopes("notes:read", "notes:write")) { member in ["of": member.name] }
    return app
}

func schemesApp() -> App {
    var app = membersApp()
    app.get("/basic", HTTPBasic(realm: "talks")) { sent in ["user": sent.username] }
    app.get("/key", APIKeyHeader("X-API-Key")) { key in ["key": key] }
    app.get("/oauth2", OAuth2PasswordBearer(tokenURL: "auth/token")) { token in ["token": token] }
    app.get("/perhaps", HTTPBearer().optional) { sent in ["token": sent?.credentials ?? "none"] }
    return app
}
