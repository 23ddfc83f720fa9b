import CraneSystem

extension Database {
    /// Runs the migrations that this database has not run yet, each in a transaction of its own.
    ///
    /// Foreign keys are checked at the end of each instead of at each statement, so that a table can be rebuilt.
    /// Blocks the caller's thread; writes wait meanwhile.
    ///
    /// - Parameter migrations: all that the program knows, in the order of their numbers.
    /// - Returns: the migrations that ran.
    /// - Throws: `newerVersion` when the database has run a migration that is not among these; `migrationChanged`
    ///   when one that it has run reads differently now; what a script fails with, its transaction undone.
    @discardableResult
    public func migrate(_ migrations: [Migration]) throws(DatabaseError) -> [Migration] {
        writer.lock.lock()
        defer { writer.lock.unlock() }
        let connection = try writer.openConnection
        defer { connection.finishBody() }
        let applied = try connection.appliedMigrations()
        try Self.check(applied, against: migrations)
        let pending = migrations.filter { applied.record(of: $0) == nil }
        if !pending.isEmpty {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS \(Migration.tableName) (
                    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL,
                    applied_at TEXT NOT NULL)
                """)
        }
        for migration in pending {
            try connection.apply(migration)
            clock.advance()
        }
        return pending
    }

    /// Which of the migrations this database has run, without running any.
    ///
    /// - Throws: as ``migrate(_:)`` does for a database of another version.
    public func migrationStatus(of migrations: [Migration]) throws(DatabaseError) -> [Migration.Status] {
        writer.lock.lock()
        defer { writer.lock.unlock() }
        let connection = try writer.openConnection
        defer { connection.finishBody() }
        return try connection.migrationStatus(of: migrations)
    }

    static func status(
        of migrations: [Migration], applied: [AppliedMigration]
    ) throws(DatabaseError) -> [Migration.Status] {
        try check(applied, against: migrations)
        return migrations.map { migration in
            Migration.Status(
                number: migration.number, name: migration.name,
                appliedAt: applied.record(of: migration)?.appliedAt)
        }
    }

    private static func check(
        _ applied: [AppliedMigration], against migrations: [Migration]
    ) throws(DatabaseError) {
        let numbers = migrations.map(\.number)
        precondition(
            zip([0] + numbers, numbers).allSatisfy(<), "migrations are numbered from 1 and stand in order")
        let newest = applied.last?.number ?? 0
        for record in applied where !numbers.contains(record.number) {
            throw DatabaseError(
                .newerVersion,
                message:
                    "the database has run migration \(record.number) (\(record.name)), which this version lacks"
            )
        }
        for migration in migrations where migration.number <= newest {
            guard let record = applied.record(of: migration) else {
                throw DatabaseError(
                    .migrationChanged,
                    message:
                        "migration \(migration.number) (\(migration.name)) was added before \(newest), which "
                        + "the database has run")
            }
            guard record.checksum == migration.checksum else {
                throw DatabaseError(
                    .migrationChanged,
                    message: "migration \(migration.number) (\(migration.name)) has changed since it was run")
            }
        }
    }
}
