import CraneSQLite

#if POSTGRES
import CranePostgres
#endif

/// Export, import and check of whichever database the settings name, for a command; blocks the caller's thread.
public struct DatabaseTransfer: Sendable {
    private let settings: Settings
    /// The database, for a line that says what is wrong with it.
    public var name: String { settings.databaseURL.path ?? "\(settings.databaseURL)" }

    public init(_ settings: Settings) { self.settings = settings }

    /// Writes one state of the comments to `file`: see `DatabaseMaintenance.export`. A PostgreSQL is read beside its nodes.
    public func export(
        _ scope: ExportScope, to file: String, as format: TransferFormat, continuing: Bool, replacing: Bool,
        progress: (Int, Int) -> Void
    ) throws(OperationError) {
        guard case .postgres(let url) = settings.databaseURL else {
            return try DatabaseMaintenance(settings).export(
                scope, to: file, as: format, continuing: continuing, replacing: replacing, progress: progress)
        }
        if continuing, file == "-" { throw OperationError("only a file can be continued") }
        #if POSTGRES
        try onPostgres(url) { session in
            guard case .full(let talk) = scope else {
                let source = PostgresExportSource(session: session, isFull: false)
                return try CommentExport<Comment>(source, format, of: nil)
                    .write(to: file, continuing: continuing, replacing: replacing, progress)
            }
            var talkID: Int?
            if let talk {
                talkID =
                    try session.execute("SELECT id FROM talk WHERE slug = \(talk)").first?.int("id")
                    ?? Int(talk)
                if talkID == nil { throw OperationError("\(name): there is no talk \(OneLine.text(talk))") }
            }
            let source = PostgresExportSource(session: session, isFull: true)
            try CommentExport<RoomRecord>(source, format, of: talkID)
                .write(to: file, continuing: continuing, replacing: replacing, progress)
        }
        #else
        throw unavailable
        #endif
    }

    /// Takes over the comments of `file`: see `DatabaseMaintenance.importComments`. Nodes may serve a PostgreSQL meanwhile; clients of
    /// their feeds load anew.
    public func importComments(
        from file: String, as format: TransferFormat?, progress: (Int, Int) -> Void
    ) throws(OperationError) -> ImportOutcome {
        guard case .postgres(let url) = settings.databaseURL else {
            return try DatabaseMaintenance(settings).importComments(
                from: file, as: format, progress: progress)
        }
        #if POSTGRES
        var transfer = try CommentImport(file, format)
        return try onPostgres(url, migrating: true) { session in
            let database = PostgresImport(session: session)
            while try transfer.step(progress, { try database.take($0, of: $1, &$2) }) {}
            return transfer.outcome
        }
        #else
        throw unavailable
        #endif
    }

    /// Looks for damage, also while the database is served; answers one line for each problem.
    public func check() throws(OperationError) -> [String] {
        guard case .postgres(let url) = settings.databaseURL else {
            return try DatabaseMaintenance(settings).check()
        }
        #if POSTGRES
        return try onPostgres(url) { try PostgresCheck(session: $0).problems() }
        #else
        throw unavailable
        #endif
    }

    #if POSTGRES
    /// Does something with a database whose migrations have been applied.
    private func onPostgres<Value>(
        _ url: String, migrating: Bool = false, _ body: (PostgresBlockingSession) throws -> Value
    ) throws(OperationError) -> Value {
        do {
            let configuration = try PostgresConfiguration(url)
            if migrating { try configuration.migrate(PostgresMigration.liveTalk) }
            if let missing = try configuration.missingMigrations(of: PostgresMigration.liveTalk).first {
                throw OperationError(
                    "\(name): migration \(missing.number) (\(missing.name)) is pending: run livetalk migrate")
            }
            return try body(PostgresBlockingSession(configuration))
        } catch {
            throw OperationError(error, at: name)
        }
    }
    #else
    private var unavailable: OperationError {
        OperationError("this livetalk was built without PostgreSQL (LIVETALK_POSTGRES=0)")
    }
    #endif
}
