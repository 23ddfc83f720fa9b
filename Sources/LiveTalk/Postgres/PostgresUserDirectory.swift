import Crane
import CranePasswords
import CranePostgres
import CraneSchema
import CraneSystem

/// The users of a PostgreSQL for an operator, beside the services that have it.
struct PostgresUserDirectory: UserDirectory {
    /// To a database whose migrations have been applied.
    let session: PostgresBlockingSession

    /// The connection ends with this value.
    func close() {}

    func entry(named name: String) throws -> UserEntry? {
        try translated { try session.execute(PostgresUserStore.finding(name)).rows(UserEntry.self).first }
    }

    func entries() throws -> [UserEntry] {
        try translated { try session.execute(PostgresUserStore.all).rows(UserEntry.self) }
    }

    func add(_ name: String, _ password: PasswordHash, isDemo: Bool, isModerator: Bool) throws -> User? {
        let name = name.composed
        let spellings = name.spellings.map { PostgresBytes(Array($0.utf8)) }
        return try translated {
            let rows = try session.execute(
                """
                INSERT INTO "user" (name, password_hash, is_demo, is_moderator, created_at)
                SELECT \(PostgresBytes(Array(name.utf8))), \(password.text), \(isDemo), \(isModerator), \(Timestamp.now)
                WHERE NOT EXISTS (SELECT FROM "user" WHERE name = ANY(\(spellings)))
                ON CONFLICT (name) DO NOTHING RETURNING id
                """)
            return try rows.first.map { User(id: try $0.int("id"), name: name) }
        }
    }

    func disable(_ name: String) throws -> Bool {
        try change(name) { id in
            try session.execute("UPDATE \"user\" SET is_disabled = true WHERE id = \(id)")
            try session.execute("DELETE FROM token WHERE user_id = \(id)")
        }
    }

    func setModerator(_ name: String, _ isModerator: Bool) throws -> Bool {
        try change(name) { id in
            try session.execute("UPDATE \"user\" SET is_moderator = \(isModerator) WHERE id = \(id)")
        }
    }

    private func change(_ name: String, _ body: (Int) throws -> Void) throws -> Bool {
        try translated {
            try session.transaction {
                guard let entry = try entry(named: name) else { return false }
                try body(entry.user.id)
                return true
            }
        }
    }

    func keepWaiting(
        _ token: String, of user: User, for lifetime: Duration?, show: () throws -> Void
    ) throws {
        let token = TokenEntry(token, of: user, from: .now, for: lifetime)
        try translated {
            try session.transaction {
                for statement in PostgresUserStore.keeping(token) { try session.execute(statement) }
                try show()
            }
        }
    }

    func removeDemoUser() throws {
        // Its tokens go with it.
        _ = try translated { try session.execute("DELETE FROM \"user\" WHERE is_demo") }
    }

    private func translated<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as PostgresError {
            throw StoreError.translated(error)
        }
    }
}
