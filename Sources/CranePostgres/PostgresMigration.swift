/// One step of the schema: a script that runs once in each database, in the order of the numbers.
///
/// A migration that has been released must never change, as databases out there have run it; its checksum tells. Programs of the version
/// before must be able to go on with the new schema, while the machines are brought up to date one by one.
public struct PostgresMigration: Sendable, Hashable {
    /// The place in the order, from 1.
    public let number: Int
    /// What it does, in a few words.
    public let name: String
    /// The statements to run, without a transaction of their own.
    public let sql: String

    /// A step that runs this script.
    ///
    /// - Parameters:
    ///   - number: the place in the order, from 1.
    ///   - name: what it does, in a few words.
    ///   - sql: the statements to run.
    public init(_ number: Int, _ name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// The script's 64-bit FNV-1a hash (RFC 9923), which guards against mistakes, not against malice.
    var checksum: Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in sql.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(Int64(bitPattern: hash))
    }
}

extension PostgresConfiguration {
    /// Runs the migrations that the database lacks, in one transaction, and blocks the calling thread meanwhile.
    ///
    /// Of several programs that do so at once one works and the others wait for it, a minute at most. Not on a loop: for a command, or a
    /// start before the loops run.
    /// - Parameter migrations: all that the program knows, in the order of their numbers.
    /// - Returns: those that were applied by this call.
    /// - Throws: `newerVersion` where the database has one that the program does not know, `migrationChanged` where one reads differently
    ///   now, and what the server refuses, after which nothing is changed.
    @discardableResult
    public func migrate(_ migrations: [PostgresMigration]) throws(PostgresError) -> [PostgresMigration] {
        let session = try PostgresSession.connect(self)
        // A step may take long; the lock is waited for.
        try session.perform("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'")
        try session.perform("SELECT pg_advisory_xact_lock(\(Self.migrationLock))")
        try session.perform(
            """
            CREATE TABLE IF NOT EXISTS crane_migration (
                number int PRIMARY KEY, name text NOT NULL, checksum bigint NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now())
            """)
        let missing = try session.missing(of: migrations)
        for migration in missing {
            do throws(PostgresError) {
                try session.perform(migration.sql)
                _ = try session.query(
                    """
                    INSERT INTO crane_migration (number, name, checksum)
                    VALUES (\(migration.number), \(migration.name), \(migration.checksum))
                    """)
            } catch {
                throw PostgresError(
                    error.kind, sqlState: error.sqlState, constraint: error.constraint,
                    message: "migration \(migration.number) (\(migration.name)): \(error.message)")
            }
        }
        try session.perform("COMMIT")
        return missing
    }

    /// The migrations that the database has not run yet; blocks the calling thread.
    ///
    /// - Parameter migrations: all that the program knows, in the order of their numbers.
    /// - Throws: as ``migrate(_:)``.
    public func missingMigrations(
        of migrations: [PostgresMigration]
    ) throws(PostgresError) -> [PostgresMigration] {
        let session = try PostgresSession.connect(self)
        let rows = try session.query("SELECT to_regclass('crane_migration') IS NOT NULL AS there")
        guard try rows[0].bool("there") else { return migrations }
        return try session.missing(of: migrations)
    }

    /// The advisory lock of those who migrate: "crane" in ASCII.
    private static let migrationLock = 0x63_7261_6E65
}

extension PostgresSession {
    /// Those that the table of migrations does not have.
    fileprivate func missing(of migrations: [PostgresMigration]) throws(PostgresError) -> [PostgresMigration]
    {
        let rows = try query("SELECT number, name, checksum FROM crane_migration ORDER BY number")
        var applied: Set<Int> = []
        for row in rows {
            let number = try row.int("number")
            guard let known = migrations.first(where: { $0.number == number }) else {
                throw PostgresError(
                    .newerVersion,
                    message: "a newer version has run migration \(number) (\(try row.text("name")))")
            }
            guard try row.int("checksum") == known.checksum else {
                throw PostgresError(
                    .migrationChanged, message: "migration \(number) (\(known.name)) reads differently now")
            }
            applied.insert(number)
        }
        return migrations.filter { !applied.contains($0.number) }
    }
}
