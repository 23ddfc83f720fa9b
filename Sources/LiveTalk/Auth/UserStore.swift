import Crane
import CraneSQLite
import CraneSchema

/// Users and the hashes of their tokens, in SQLite's tables `user` and `token`.
///
/// Reads answer on the calling thread; `slot` is the index of the loop that asks. Throws `StoreError`.
struct UserStore: Sendable {
    /// A user with what a login is checked against.
    struct Entry: Hashable, Sendable {
        let user: User
        let password: PasswordHash
        let isDisabled: Bool
        let isDemo: Bool
    }

    /// Tokens that one user may have; the oldest go when there are more.
    static let tokensPerUser = 100

    let database: Database
    private let now: @Sendable () -> Timestamp

    /// The database's migrations must have been applied: see `Migration.users`.
    init(_ database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    /// The user of that name, disabled ones too.
    func entry(named name: String, slot: Int) throws -> Entry? {
        try read(slot) { connection in try Self.find(name, connection) }
    }

    /// All users by id.
    static func entries(_ connection: Connection) throws -> [Entry] {
        let rows = try connection.prepare(
            "SELECT id, name, password_hash, is_disabled, is_demo FROM user ORDER BY id")
        var entries: [Entry] = []
        while try rows.step() { entries.append(Entry(row: rows)) }
        return entries
    }

    /// The user whom a token stands for, unless it has expired or the user is disabled.
    func user(token: String, slot: Int) throws -> User? {
        let hash = TokenText.hash(of: token)
        let now = now()
        return try read(slot) { connection in
            let row = try connection.prepare(
                """
                SELECT user.id, user.name, token.hash FROM token JOIN user ON user.id = token.user_id
                WHERE token.hash = ?1 AND user.is_disabled = 0
                AND (token.expires_at IS NULL OR token.expires_at > ?2)
                """)
            try row.bind(hash, at: 1)
            try row.bind(now.microseconds, at: 2)
            guard try row.step(), TokenText.equal(row.blob(at: 2), hash) else { return nil }
            return User(id: row.int(at: 0), name: row.text(at: 1))
        }
    }

    /// Adds a user, whose name is kept in NFC; `nil` when the name is taken. Blocks the caller.
    func add(_ name: String, _ password: PasswordHash, isDemo: Bool = false) throws -> User? {
        let name = name.composed
        return try transaction { connection in
            if try Self.find(name, connection) != nil { return nil }
            let insert = try connection.prepare(
                """
                INSERT INTO user (name, password_hash, is_demo, created_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (name) DO NOTHING
                """)
            try insert.bind(name, at: 1)
            try insert.bind(password.text, at: 2)
            try insert.bind(isDemo ? 1 : 0, at: 3)
            try insert.bind(now().microseconds, at: 4)
            try insert.run()
            return connection.changes > 0 ? User(id: Int(connection.lastInsertRowID), name: name) : nil
        }
    }

    /// Keeps a token of the user's; its own that have expired go, and its oldest when they are too many.
    ///
    /// - Parameter lifetime: `nil` for one that does not expire.
    func keep(_ token: String, of user: User, for lifetime: Duration?) async throws {
        let token = Token(token, of: user, from: now(), for: lifetime)
        do {
            try await database.write { connection in try Self.insert(token, connection) }
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    /// The same for commands: blocks the caller. When `show` throws, all is as before.
    func keepWaiting(
        _ token: String, of user: User, for lifetime: Duration?, show: () throws -> Void = {}
    ) throws {
        let token = Token(token, of: user, from: now(), for: lifetime)
        try transaction { connection in
            try Self.insert(token, connection)
            try show()
        }
    }

    /// Lets a user in no more, and forgets the tokens; `false` when there is no such user. Blocks the
    /// caller.
    func disable(_ name: String) throws -> Bool {
        try transaction { connection in
            guard let entry = try Self.find(name, connection) else { return false }
            let change = try connection.prepare("UPDATE user SET is_disabled = 1 WHERE id = ?1")
            try change.bind(entry.user.id, at: 1)
            try change.run()
            try Self.forgetTokens(of: entry.user, connection)
            return true
        }
    }

    /// Removes the demo user with its tokens, if it is there. Blocks the caller.
    func removeDemoUser() throws {
        try transaction { connection in
            try connection.execute(
                """
                DELETE FROM token WHERE user_id IN (SELECT id FROM user WHERE is_demo = 1);
                DELETE FROM user WHERE is_demo = 1
                """)
        }
    }
}

extension UserStore {
    private static func find(_ name: String, _ connection: Connection) throws -> Entry? {
        for name in name.spellings {
            let row = try connection.prepare(
                "SELECT id, name, password_hash, is_disabled, is_demo FROM user WHERE name = ?1")
            try row.bind(name, at: 1)
            if try row.step() { return Entry(row: row) }
        }
        return nil
    }

    private static func forgetTokens(of user: User, _ connection: Connection) throws {
        let delete = try connection.prepare("DELETE FROM token WHERE user_id = ?1")
        try delete.bind(user.id, at: 1)
        try delete.run()
    }

    /// A token as it is kept.
    private struct Token {
        let hash: [UInt8]
        let user: User
        let createdAt: Int
        let expiresAt: Int?

        init(_ text: String, of user: User, from now: Timestamp, for lifetime: Duration?) {
            hash = TokenText.hash(of: text)
            self.user = user
            createdAt = now.microseconds
            expiresAt = lifetime.map { now.microseconds + Int($0 / .microseconds(1)) }
        }
    }

    private static func insert(_ token: Token, _ connection: Connection) throws {
        let delete = try connection.prepare(
            """
            DELETE FROM token WHERE user_id = ?1 AND (expires_at <= ?2 OR hash IN (
                SELECT hash FROM token WHERE user_id = ?1 ORDER BY created_at DESC LIMIT -1 OFFSET ?3))
            """)
        try delete.bind(token.user.id, at: 1)
        try delete.bind(token.createdAt, at: 2)
        try delete.bind(tokensPerUser - 1, at: 3)
        try delete.run()
        let insert = try connection.prepare(
            """
            INSERT INTO token (hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (hash) DO NOTHING
            """)
        try insert.bind(token.hash, at: 1)
        try insert.bind(token.user.id, at: 2)
        try insert.bind(token.createdAt, at: 3)
        try insert.bind(token.expiresAt, at: 4)
        try insert.run()
    }

    private func read<Value>(_ slot: Int, _ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.read(slot: slot, body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    private func transaction<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.transaction(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}

extension UserStore.Entry {
    /// The user of the row that the statement stands on.
    fileprivate init(row: Statement) {
        self.init(
            user: User(id: row.int(at: 0), name: row.text(at: 1)),
            password: PasswordHash(text: row.text(at: 2)), isDisabled: row.int(at: 3) != 0,
            isDemo: row.int(at: 4) != 0)
    }
}
