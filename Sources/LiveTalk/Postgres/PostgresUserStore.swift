import Crane
import CranePasswords
import CranePostgres
import CraneSchema
import CraneSystem

/// Users and the hashes of their tokens, in PostgreSQL's tables `user` and `token`; any node finds them.
struct PostgresUserStore: UserStore {
    let database: PostgresClient
    let now: @Sendable () -> Timestamp

    /// The database's migrations must have been applied: see `PostgresMigration.liveTalk`.
    init(_ database: PostgresClient, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    func entry(named name: String) async throws -> UserEntry? {
        try await StoreError.translating {
            try await database.query(Self.finding(name)).rows(UserEntry.self).first
        }
    }

    func user(token: String, moderating: Bool) async throws -> User? {
        try await StoreError.translating {
            let rows = try await database.query(
                """
                SELECT "user".id, "user".name FROM token JOIN "user" ON "user".id = token.user_id
                WHERE token.hash = \(PostgresBytes(SecretToken.hash(of: token))) AND NOT "user".is_disabled
                    AND "user".is_moderator >= \(moderating)
                    AND (token.expires_at IS NULL OR token.expires_at > \(now()))
                """)
            guard let row = rows.first else { return nil }
            return User(id: try row.int("id"), name: try row.text("name"))
        }
    }

    func keep(_ token: String, of user: User, for lifetime: Duration?) async throws {
        let token = TokenEntry(token, of: user, from: now(), for: lifetime)
        _ = try await StoreError.translating { try await database.execute(Self.keeping(token)) }
    }

    func forget(_ token: String) async throws {
        _ = try await StoreError.translating {
            try await database.execute(
                "DELETE FROM token WHERE hash = \(PostgresBytes(SecretToken.hash(of: token)))")
        }
    }
}

extension PostgresUserStore {
    private static let columns = UserEntry.table.columns.map(\.name).joined(separator: ", ")

    static let all: PostgresQuery = "SELECT \(raw: columns) FROM \"user\" ORDER BY id"

    /// The user of a name in whichever form it was typed or is kept.
    static func finding(_ name: String) -> PostgresQuery {
        let spellings = name.spellings.map { PostgresBytes(Array($0.utf8)) }
        return """
            SELECT \(raw: columns) FROM "user" WHERE name = ANY(\(spellings))
            ORDER BY array_position(\(spellings), name) LIMIT 1
            """
    }

    /// The statements that keep a token, in one transaction.
    static func keeping(_ token: TokenEntry) -> [PostgresQuery] {
        [
            """
            DELETE FROM token WHERE user_id = \(token.userID) AND (expires_at <= \(token.createdAt) OR hash IN (
                SELECT hash FROM token WHERE user_id = \(token.userID)
                ORDER BY created_at DESC OFFSET \(UserEntry.tokens - 1)))
            """,
            """
            INSERT INTO token (hash, user_id, created_at, expires_at)
            VALUES (\(PostgresBytes(token.hash)), \(token.userID), \(token.createdAt), \(token.expiresAt))
            ON CONFLICT (hash) DO NOTHING
            """,
        ]
    }
}
