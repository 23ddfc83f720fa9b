import CranePasswords
import CraneSQLite
import CraneService

#if POSTGRES
import CranePostgres
#endif

/// What an operator may do with users: on an SQLite file that no service has open, in the service that has it, or on a PostgreSQL.
///
/// Blocks the calling thread. Throws `StartError`, one line for the operator.
public struct UserAdministration: UserOperations {
    private let users: any UserDirectory

    /// A user as an operator sees it.
    public struct Entry: Sendable {
        public let id: Int
        public let name: String
        public let isDisabled: Bool
        public let isDemo: Bool
        public let isModerator: Bool

        init(_ entry: UserEntry) {
            (id, name) = (entry.user.id, entry.user.name)
            (isDisabled, isDemo, isModerator) = (entry.isDisabled, entry.isDemo, entry.isModerator)
        }
    }

    /// In the service, by its own store.
    init(_ users: any UserDirectory) {
        self.users = users
    }

    /// Opens the database of the settings and brings it up to date.
    ///
    /// - Parameter creating: whether an SQLite file that is not there is made.
    public init(_ settings: Settings, creating: Bool = true) throws(StartError) {
        #if POSTGRES
        if case .postgres(let url) = settings.databaseURL {
            do throws(PostgresError) {
                let configuration = try PostgresConfiguration(url)
                try configuration.migrate(PostgresMigration.liveTalk)
                users = PostgresUserDirectory(session: try PostgresBlockingSession(configuration))
            } catch {
                throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
            }
            return
        }
        #endif
        users = SQLiteUserStore(try LiveTalkApp.openedDatabase(settings, creating: creating, for: "users"))
    }

    /// Lets the database go.
    public func close() { users.close() }

    /// All users by id, beside a service too.
    public static func list(_ settings: Settings) throws(OperationError) -> [Entry] {
        if case .postgres = settings.databaseURL {
            do {
                return try UserAdministration(settings).users.entries().map(Entry.init)
            } catch {
                throw OperationError("\(error)")
            }
        }
        return try DatabaseMaintenance(settings).withSnapshot { snapshot in
            if try DatabaseOrigin(snapshot) == .empty { throw OperationError(DatabaseMaintenance.emptiness) }
            return try snapshot.read { connection in try SQLiteUserStore.entries(connection) }.map(Entry.init)
        }
    }

    /// A name without what would make lines of it.
    public static func printed(_ name: String) -> String { OneLine.text(name) }

    /// What is wrong with a new user's name; `nil` when it is good.
    public static func objection(to name: String) -> String? { UserName.objection(to: name) }

    public func add(_ name: String, password: String, isModerator: Bool = false) throws(StartError) -> Int {
        if let objection = Self.objection(to: name) { throw StartError(objection) }
        guard let hash = PasswordHash(of: password) else {
            throw StartError("there is no memory to hash a password")
        }
        let user = try explained { try users.add(name, hash, isDemo: false, isModerator: isModerator) }
        guard let user else { throw StartError("there is a user \(name) already") }
        return user.id
    }

    public func disable(_ name: String) throws(StartError) {
        guard try explained({ try users.disable(name) }) else {
            throw Self.unknown(name)
        }
    }

    public func setModerator(_ name: String, _ isModerator: Bool) throws(StartError) {
        guard try explained({ try users.setModerator(name, isModerator) }) else {
            throw Self.unknown(name)
        }
    }

    /// When `show` throws there is no token, and those of before stay.
    public func makeToken(
        of name: String, for lifetime: Duration?, show: (String) throws -> Void
    ) throws(StartError) {
        guard let entry = try explained({ try users.entry(named: name) }) else {
            throw Self.unknown(name)
        }
        if entry.isDisabled { throw StartError("the user \(OneLine.text(name)) is disabled") }
        let token = SecretToken.random()
        try explained {
            try users.keepWaiting(token, of: entry.user, for: lifetime) { try show(token) }
        }
    }

    private static func unknown(_ name: String) -> StartError {
        StartError("there is no user \(OneLine.text(name))")
    }

    private func explained<Value>(_ body: () throws -> Value) throws(StartError) -> Value {
        do {
            return try body()
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError("the database failed: \(error)")
        }
    }
}
