import CraneSQLite

/// What an operator may do with users, on a database that no service has open.
///
/// Blocks the calling thread. Throws `StartError`, one line for the operator.
public struct UserAdministration {
    private let database: Database
    private let users: UserStore

    /// A user as an operator sees it.
    public struct Entry: Sendable {
        public let id: Int
        public let name: String
        public let isDisabled: Bool
        public let isDemo: Bool
    }

    /// Opens the database of the settings and brings it up to date.
    public init(_ settings: Settings) throws(StartError) {
        if settings.databaseURL == .memory {
            throw StartError("users are kept in a file: DATABASE_URL names a database in memory")
        }
        database = try LiveTalkApp.database(settings)
        users = UserStore(database)
        do {
            try database.migrate(Migration.all)
        } catch {
            database.close()
            throw .database(settings.databaseURL, error)
        }
    }

    /// Lets the database go.
    public func close() { database.close() }

    /// All users by id, beside a service too.
    public static func list(_ settings: Settings) throws(OperationError) -> [Entry] {
        try DatabaseCare(settings).withSnapshot { snapshot in
            try snapshot.read { connection in try UserStore.entries(connection) }.map {
                Entry(id: $0.user.id, name: $0.user.name, isDisabled: $0.isDisabled, isDemo: $0.isDemo)
            }
        }
    }

    /// Adds a user; returns its id.
    public func add(_ name: String, password: String) throws(StartError) -> Int {
        guard let hash = PasswordHash(of: password) else {
            throw StartError("there is no memory to hash a password")
        }
        let user = try explained { try users.add(name, hash) }
        guard let user else { throw StartError("there is a user \(name) already") }
        return user.id
    }

    /// Lets a user in no more.
    public func disable(_ name: String) throws(StartError) {
        guard try explained({ try users.disable(name) }) else {
            throw Self.unknown(name)
        }
    }

    /// Makes a token for a user; it is shown this once.
    ///
    /// - Parameter lifetime: `nil` for one that does not expire.
    public func token(of name: String, for lifetime: Duration?) throws(StartError) -> String {
        guard let entry = try explained({ try users.entry(named: name, slot: 0) }) else {
            throw Self.unknown(name)
        }
        if entry.isDisabled { throw StartError("the user \(name) is disabled") }
        let token = TokenText.random()
        try explained { try users.keepWaiting(token, of: entry.user, for: lifetime) }
        return token
    }

    private static func unknown(_ name: String) -> StartError { StartError("there is no user \(name)") }

    private func explained<Value>(_ body: () throws -> Value) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw StartError("the database failed: \(error)")
        }
    }
}
