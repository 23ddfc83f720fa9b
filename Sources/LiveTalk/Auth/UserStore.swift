import Crane
import CraneSQLite
import CraneSchema

/// Users and the hashes of their tokens, in SQLite's tables `user` and `token`.
///
/// Reads answer on the calling thread. Throws `StoreError`.
struct UserStore: Sendable {
    /// A user with what a login is checked against.
    struct Entry: Hashable, Sendable {
        let user: User
        let password: PasswordHash
        let isDisabled: Bool
        let isDemo: Bool
        let createdAt: Timestamp
        /// Whether the user decides what is shown and staged.
        var isModerator = false
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
    func entry(named name: String) throws -> Entry? {
        try read { connection in try Self.find(name, connection) }
    }

    /// All users by id.
    static func entries(_ connection: Connection) throws -> [Entry] {
        try connection.select(Entry.self, "ORDER BY id")
    }

    /// The user whom a token stands for, unless it has expired or the user is disabled.
    ///
    /// - Parameter moderating: whether only a moderator counts.
    func user(token: String, moderating: Bool = false) throws -> User? {
        let hash = TokenText.hash(of: token)
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
            guard try row.step(), TokenText.equal(try row.blob("hash"), hash) else { return nil }
            return User(id: try row.int("id"), name: try row.text("name"))
        }
    }

    /// Adds a user, whose name is kept in NFC; `nil` when the name is taken. Blocks the caller.
    func add(
        _ name: String, _ password: PasswordHash, isDemo: Bool = false, isModerator: Bool = false
    ) throws -> User? {
        let name = name.composed
        return try transaction { connection in
            if try Self.find(name, connection) != nil { return nil }
            let entry = Entry(
                user: User(id: 0, name: name), password: password, isDisabled: false, isDemo: isDemo,
                createdAt: now(), isModerator: isModerator)
            return User(id: try connection.add(entry), name: name)
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

    /// Forgets a token, by which nobody is let in any more.
    func forget(_ token: String) async throws {
        let hash = TokenText.hash(of: token)
        do {
            try await database.write { connection in
                let delete = try connection.prepare("DELETE FROM token WHERE hash = :hash")
                try delete.bind("hash", hash)
                try delete.run()
            }
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    /// Lets a user in no more, and forgets the tokens; `false` when there is no such user. Blocks the
    /// caller.
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

    /// Says whether a user is a moderator; `false` when there is no such user. Blocks the caller.
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
    private static let byName = SQL("SELECT \(Entry.table.columnList()) FROM user WHERE name = :name")

    private static func find(_ name: String, _ connection: Connection) throws -> Entry? {
        for name in name.spellings {
            let row = try connection.prepare(byName)
            try row.bind("name", name)
            if try row.step() { return try row.row(Entry.self) }
        }
        return nil
    }

    private static func forgetTokens(of user: User, _ connection: Connection) throws {
        let delete = try connection.prepare("DELETE FROM token WHERE user_id = :user_id")
        try delete.bind("user_id", user.id)
        try delete.run()
    }

    /// A token as it is kept.
    private struct Token {
        let hash: [UInt8]
        let user: User
        let createdAt: Timestamp
        let expiresAt: Timestamp?

        init(_ text: String, of user: User, from now: Timestamp, for lifetime: Duration?) {
            hash = TokenText.hash(of: text)
            self.user = user
            createdAt = now
            expiresAt = lifetime.map {
                Timestamp(microseconds: now.microseconds + Int($0 / .microseconds(1)))
            }
        }
    }

    private static func insert(_ token: Token, _ connection: Connection) throws {
        let delete = try connection.prepare(
            """
            DELETE FROM token WHERE user_id = :user_id AND (expires_at <= :now OR hash IN (
                SELECT hash FROM token WHERE user_id = :user_id ORDER BY created_at DESC LIMIT -1 OFFSET :kept))
            """)
        try delete.bind("user_id", token.user.id)
        try delete.bind("now", token.createdAt)
        try delete.bind("kept", tokensPerUser - 1)
        try delete.run()
        let insert = try connection.prepare(
            """
            INSERT INTO token (hash, user_id, created_at, expires_at)
            VALUES (:hash, :user_id, :created_at, :expires_at)
            ON CONFLICT (hash) DO NOTHING
            """)
        try insert.bind("hash", token.hash)
        try insert.bind("user_id", token.user.id)
        try insert.bind("created_at", token.createdAt)
        try insert.bind("expires_at", token.expiresAt)
        try insert.run()
    }

    private func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.read(body)
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

extension UserStore.Entry: Record {
    private init(
        id: Int, name: String, passwordHash: String, isDisabled: Bool, isDemo: Bool, createdAt: Timestamp,
        isModerator: Bool
    ) {
        self.init(
            user: User(id: id, name: name), password: PasswordHash(text: passwordHash),
            isDisabled: isDisabled,
            isDemo: isDemo, createdAt: createdAt, isModerator: isModerator)
    }

    static let schema = Object(Self.init(id:name:passwordHash:isDisabled:isDemo:createdAt:isModerator:)) {
        Field("id", \.user.id)
        Field("name", \.user.name)
        Field("password_hash", \.password.text)
        Field("is_disabled", \.isDisabled, default: false)
        Field("is_demo", \.isDemo, default: false)
        Field("created_at", \.createdAt)
        Field("is_moderator", \.isModerator, default: false)
    }

    static let table = Table<Self>("user", indexes: [TableIndex("idx_user_name", on: "name", unique: true)])
}
