import Crane
import CranePasswords
import CraneSQLite

struct User: Record {
    var id = 0
    let name: String
    let password: String

    static let schema = Object(User.init) {
        Field("id", \.id)
        Field("name", \.name)
        Field("password", \.password)
    }

    static let table = Table<User>("user")
}

struct Credentials: SchemaRepresentable {
    let name: String
    let password: String

    static let schema = Object(Credentials.init) {
        Field("name", \.name, .string(minLength: 1, maxLength: 40, pattern: "^[a-z]+$"), example: "ada")
        Field("password", \.password, .string(minLength: 8, maxLength: 200), example: "analytical engine")
    }
}

struct Welcome: SchemaRepresentable {
    let token: String

    static let schema = Object(Welcome.init) {
        Field("token", \.token)
    }
}

struct Accounts: Sendable {
    static let cookie = "bookmarks_token"
    let database: Database
    let passwords: Passwords

    func signUp(_ new: Credentials, _ context: Context) async throws {
        let hash = try await passwords.hash(new.password, context)
        let isNew = try await database.write { connection in
            let known = try connection.select(User.self, "WHERE name = :name", ["name": new.name])
            if known.isEmpty { _ = try connection.add(User(name: new.name, password: hash.text)) }
            return known.isEmpty
        }
        guard isNew else { throw HTTPError(.conflict, "There is such a user already") }
    }

    /// A token for who knows the password; what is kept of it is its hash.
    func logIn(_ credentials: Credentials, _ context: Context) async throws -> String {
        let user = try database.read {
            try $0.select(User.self, "WHERE name = :name", ["name": credentials.name]).first
        }
        let hash = user.map { PasswordHash(text: $0.password) }
        guard try await passwords.match(credentials.password, hash, context), let user else {
            throw HTTPError(.unauthorized, "Incorrect name or password")
        }
        let token = SecretToken.random()
        try await database.write { connection in
            let insert = try connection.prepare("INSERT INTO token VALUES (:hash, :user)")
            try insert.bind("hash", SecretToken.hash(of: token))
            try insert.bind("user", user.id)
            try insert.run()
        }
        return token
    }

    func user(token: String) throws -> User? {
        try database.read { connection in
            let row = try connection.prepare(
                "SELECT user.* FROM token JOIN user ON user.id = token.user WHERE hash = :hash")
            try row.bind("hash", SecretToken.hash(of: token))
            return try row.step() ? try row.row(User.self) : nil
        }
    }
}

struct AccountRoutes {
    let accounts: Accounts

    func register(in app: inout App) {
        var router = APIRouter(prefix: "/account", tags: ["account"])
        router.post("/", Body(Credentials.self), ContextInput()) { [accounts] new, context in
            try await accounts.signUp(new, context)
        }.name("sign_up").status(.created).responds(.conflict, "There is such a user already")
        router.post("/login", Body(Credentials.self), ResponseInput(), ContextInput()) {
            [accounts] credentials, response, context in
            let token = try await accounts.logIn(credentials, context)
            response.setCookie(
                SetCookie(
                    Accounts.cookie, token, maxAge: .seconds(86_400), secure: context.scheme == .https,
                    httpOnly: true))
            return Welcome(token: token)
        }.name("log_in").responds(.unauthorized, "Incorrect name or password")
        router.post("/logout", ResponseInput()) { response in
            response.deleteCookie(Accounts.cookie)
        }.name("log_out")
        app.include(router)
    }
}
