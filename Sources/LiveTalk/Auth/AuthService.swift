import Crane
import CranePasswords
import CraneService

/// Who may log in, and what their tokens are good for.
struct AuthService: Sendable {
    let users: any UserStore
    /// How long a token that a login gives out is good.
    let tokenLifetime: Duration
    private let passwords: Passwords
    private let verified: VerifiedPasswords
    private let failed: FailedLogins?

    /// - Parameter failedLogins: how many are allowed in what time; `nil` counts none.
    init(
        users: any UserStore, tokenLifetime: Duration, failedLogins: RateRule?, state: StateAcrossReloads
    ) {
        self.users = users
        self.tokenLifetime = tokenLifetime
        failed = failedLogins.map { state.failedLogins($0) }
        passwords = state.passwords
        verified = state.verified
    }

    /// The user, if name and password belong together.
    ///
    /// The response takes as long for a name that nobody has: a hash is checked in any case. Throws 429 after too many that
    /// failed, `WorkersBusy` while too many wait.
    func user(name: String, password: String, _ context: Context) async throws -> UserEntry? {
        try await failed?.check(name, from: context.client)
        let entry = try await users.entry(named: name)
        let matches = try await passwords.match(password, entry?.password, context)
        guard let entry, matches, !entry.isDisabled else {
            await failed?.count(name, from: context.client)
            return nil
        }
        return entry
    }

    /// The same for credentials that come with every request: those that were right within the last minute are not
    /// hashed again, but looked up in the database as ever.
    func returningUser(name: String, password: String, _ context: Context) async throws -> User? {
        let known = try await users.entry(named: name)
        if let known, !known.isDisabled, verified.contains(password, for: known.password) {
            return known.user
        }
        guard let entry = try await user(name: name, password: password, context) else { return nil }
        verified.insert(password, for: entry.password)
        return entry.user
    }

    /// Gives the user a token; the demo user always gets the same one.
    func token(for entry: UserEntry) async throws -> String {
        if entry.isDemo { return DemoUser.token }
        let token = SecretToken.random()
        try await users.keep(token, of: entry.user, for: tokenLifetime)
        return token
    }

    /// The user whom the token stands for; throws 401 when it stands for nobody.
    func user(token: String) async throws -> User {
        guard let user = try await users.user(token: token, moderating: false) else {
            throw HTTPError(.unauthorized, "Invalid token")
        }
        return user
    }

    /// The moderator whom the token stands for; throws 401 when it stands for nobody, 403 when for no moderator.
    func moderator(token: String) async throws -> User {
        if let moderator = try await users.user(token: token, moderating: true) { return moderator }
        _ = try await user(token: token)
        throw HTTPError(.forbidden, "Not a moderator")
    }

    /// What the response to a wrong name or password says.
    static let badLogin = "Incorrect username or password"
}
