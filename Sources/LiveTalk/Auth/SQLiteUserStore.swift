import Crane
import CranePasswords
import CraneSQLite
import CraneSchema
import CraneSystem

/// Users and the hashes of their tokens, in SQLite's tables `user` and `token`.
///
/// Reads answer on the calling thread.
struct SQLiteUserStore: UserStore, UserDirectory, SQLiteStore {
    let database: Database
    private let now: @Sendable () -> Timestamp

    /// The database's migrations must have been applied: see `Migration.users`.
    init(_ database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    func entry(named name: String) throws -> UserEntry? {
        try read { connection in try Self.find(name, connection) }
    }

    func entries() throws -> [UserEntry] { try read { try Self.entries($0) } }

    static func entries(_ connection: Connection) throws -> [UserEntry] {
        try connection.select(UserEntry.self, "ORDER BY id")
    }

    func user(token: String, moderating: Bool = false) throws -> User? {
        let hash = SecretToken.hash(of: token)
        let now = now()
        return try read { connection in
            let row = try connection.prepare(
                """
                SELECT user.id, user.name, token.hash FROM token JOIN user ON user.id = token.user_id
                WHERE token.hash = :hash AND user.is_disabled = 0 AND user.is_moderator >= :moderating
                AND (token.expires_at IS NULL OR token.expires_at > :now)
                """)
            try row.bind("hash", hash)
            try row.bind("now", now)
            try row.bind("moderating", moderating)
            guard try row.step(), SecretToken.equal(try row.blob("hash"), hash) else { return nil }
            return User(id: try row.int("id"), name: try row.text("name"))
        }
    }

    func add(
        _ name: String, _ password: PasswordHash, isDemo: Bool = false, isModerator: Bool = false
    ) throws -> User? {
        let name = name.composed
        return try transaction { connection in
            if try Self.find(name, connection) != nil { return nil }
            let entry = UserEntry(
                user: User(id: 0, name: name), password: password, isDisabled: false, isDemo: isDemo,
                createdAt: now(), isModerator: isModerator)
            return User(id: try connection.add(entry), name: name)
        }
    }

    func keep(_ token: String, of user: User, for lifetime: Duration?) async throws {
        let token = TokenEntry(token, of: user, from: now(), for: lifetime)
        try await write { connection in try Self.insert(token, connection) }
    }

    func keepWaiting(
        _ token: String, of user: User, for lifetime: Duration?, show: () throws -> Void = {}
    ) throws {
        let token = TokenEntry(token, of: user, from: now(), for: lifetime)
        try transaction { connection in
            try Self.insert(token, connection)
            try show()
        }
    }

    func forget(_ token: String) async throws {
        let hash = SecretToken.hash(of: token)
        try await write { connection in
            let delete = try connection.prepare("DELETE FROM token WHERE hash = :hash")
            try delete.bind("hash", hash)
            try delete.run()
        }
    }

    func disable(_ name: String) throws -> Bool {
        try transaction { connection in
            guard let entry = try Self.find(name, connection) else { return false }
            let change = try connection.prepare("UPDATE user SET is_disabled = 1 WHERE id = :id")
            try change.bind("id", entry.user.id)
            try change.run()
            try Self.forgetTokens(of: entry.user, connection)
            return true
        }
    }

    func setModerator(_ name: String, _ isModerator: Bool) throws -> Bool {
        try transaction { connection in
            guard let entry = try Self.find(name, connection) else { return false }
            let change = try connection.prepare("UPDATE user SET is_moderator = :is_moderator WHERE id = :id")
            try change.bind("id", entry.user.id)
            try change.bind("is_moderator", isModerator)
            try change.run()
            return true
        }
    }

    func removeDemoUser() throws {
        try transaction { connection in
            try connection.execute(
                """
                DELETE FROM token WHERE user_id IN (SELECT id FROM user WHERE is_demo = 1);
                DELETE FROM user WHERE is_demo = 1
                """)
        }
    }

    func close() { database.close() }
}

extension SQLiteUserStore {
    private static let byName = SQL("SELECT \(UserEntry.table.columnList()) FROM user WHERE name = :name")

    private static func find(_ name: String, _ connection: Connection) throws -> UserEntry? {
        for name in name.spellings {
            let row = try connection.prepare(byName)
            try row.bind("name", name)
            if try row.step() { return try row.row(UserEntry.self) }
        }
        return nil
    }

    private static func forgetTokens(of user: User, _ connection: Connection) throws {
        let delete = try connection.prepare("DELETE FROM token WHERE user_id = :user_id")
        try delete.bind("user_id", user.id)
        try delete.run()
    }

    private static func insert(_ token: TokenEntry, _ connection: Connection) throws {
        let delete = try connection.prepare(
            """
            DELETE FROM token WHERE user_id = :user_id AND (expires_at <= :now OR hash IN (
                SELECT hash FROM token WHERE user_id = :user_id ORDER BY created_at DESC LIMIT -1 OFFSET :kept))
            """)
        try delete.bind("user_id", token.userID)
        try delete.bind("now", token.createdAt)
        try delete.bind("kept", UserEntry.tokens - 1)
        try delete.run()
        let insert = try connection.prepare(
            """
            INSERT INTO token (hash, user_id, created_at, expires_at)
            VALUES (:hash, :user_id, :created_at, :expires_at)
            ON CONFLICT (hash) DO NOTHING
            """)
        try insert.bind("hash", token.hash)
        try insert.bind("user_id", token.userID)
        try insert.bind("created_at", token.createdAt)
        try insert.bind("expires_at", token.expiresAt)
        try insert.run()
    }
}
