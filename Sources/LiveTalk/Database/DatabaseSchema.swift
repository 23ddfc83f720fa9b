#if POSTGRES
import CranePostgres
#endif

/// The schema of whichever database the settings name, for a command; blocks the caller's thread.
public struct DatabaseSchema: Sendable {
    private let settings: Settings

    public init(_ settings: Settings) { self.settings = settings }

    /// Brings the database up to date, making an SQLite file where there is none; answers what was done, a line each.
    ///
    /// Of several who do so to a PostgreSQL at once one works and the others wait.
    public func migrate() throws(OperationError) -> [String] {
        guard case .postgres(let url) = settings.databaseURL else {
            return try DatabaseMaintenance(settings).migrate()
        }
        #if POSTGRES
        return try onPostgres(url) { configuration throws(PostgresError) in
            try configuration.migrate(PostgresMigration.liveTalk).map { "\($0.number) \($0.name)" }
        }
        #else
        throw unavailable(url)
        #endif
    }

    /// Every migration of this version and whether it was applied, a line each.
    public func status() throws(OperationError) -> [String] {
        guard case .postgres(let url) = settings.databaseURL else {
            return try DatabaseMaintenance(settings).migrationStatus()
        }
        #if POSTGRES
        return try onPostgres(url) { configuration throws(PostgresError) in
            let missing = try configuration.missingMigrations(of: PostgresMigration.liveTalk)
            return PostgresMigration.liveTalk.map { migration in
                "\(migration.number) \(migration.name): \(missing.contains(migration) ? "pending" : "applied")"
            }
        }
        #else
        throw unavailable(url)
        #endif
    }

    #if POSTGRES
    private func onPostgres(
        _ url: String, _ body: (PostgresConfiguration) throws(PostgresError) -> [String]
    ) throws(OperationError) -> [String] {
        do throws(PostgresError) {
            return try body(PostgresConfiguration(url))
        } catch {
            throw OperationError("\(settings.databaseURL): \(error)")
        }
    }
    #else
    private func unavailable(_ url: String) -> OperationError {
        OperationError("this livetalk was built without PostgreSQL (LIVETALK_POSTGRES=0)")
    }
    #endif
}
