import CraneSQLite
import CraneSystem

#if POSTGRES
import CranePostgres
#endif

/// Takes an SQLite file over into a PostgreSQL, on which the service goes on; blocks the caller's thread.
///
/// No service may have the file meanwhile, and none starts on the PostgreSQL before the copy has ended. One that was interrupted goes on
/// when it is begun again.
public struct DatabaseCopy: Sendable {
    /// What was taken over.
    public struct Outcome: Hashable, Sendable {
        public internal(set) var comments = 0
        public internal(set) var talks = 0
        public internal(set) var users = 0
        public internal(set) var jobs = 0
    }

    private let source: DatabaseMaintenance
    private let target: DatabaseURL

    /// Fails where `source` is no file or `target` no PostgreSQL.
    public init(from source: DatabaseURL, to target: DatabaseURL) throws(OperationError) {
        guard case .postgres = target else { throw OperationError("\(target) is no PostgreSQL to copy to") }
        guard let path = source.path else { throw OperationError("\(source) is no SQLite file to copy from") }
        // Opening would make one that is not there.
        guard (try? FilePlace(path))?.status() != nil else {
            throw OperationError("there is no file \(path)")
        }
        self.source = DatabaseMaintenance(path: path)
        self.target = target
    }

    /// Copies comments and talks with their ids and times, votes and what moderators have made of comments, keys, users and tokens, the
    /// log of changes, in which clients go on from their numbers, and jobs with their schedules, webhooks that are yet to be sent among them.
    ///
    /// - Parameters:
    ///   - leavingTasks: whether tasks that wait in the embedded broker may stay in the file; they are refused otherwise.
    ///   - progress: told how many of how many comments are there.
    public func run(leavingTasks: Bool, progress: (Int, Int) throws -> Void) throws(OperationError) -> Outcome
    {
        #if POSTGRES
        guard case .postgres(let url) = target else { throw OperationError("\(target) is no PostgreSQL") }
        return try source.withDatabase { database in
            try database.migrate(Migration.all)
            do {
                let configuration = try PostgresConfiguration(url)
                try configuration.migrate(PostgresMigration.liveTalk)
                let session = try PostgresBlockingSession(configuration)
                return try PostgresCopy(source: database, session: session)
                    .run(leavingTasks: leavingTasks, progress: progress)
            } catch let error as PostgresError {
                throw OperationError("\(target): \(error)")
            }
        }
        #else
        throw OperationError("this livetalk was built without PostgreSQL (LIVETALK_POSTGRES=0)")
        #endif
    }
}
