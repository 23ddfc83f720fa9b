import CSQLite

/// What the database remembers of a migration.
struct AppliedMigration {
    let number: Int
    let name: String
    let checksum: Int64
    let appliedAt: String
}

extension [AppliedMigration] {
    /// That of a migration, if it has been applied.
    func record(of migration: Migration) -> AppliedMigration? {
        first { $0.number == migration.number }
    }
}

extension Connection {
    /// Whose migrations a database has run.
    package enum History {
        case none
        /// Some of those that were asked about, perhaps with others that have changed since or are newer.
        case own
        case others
    }

    /// Whether the database has run some of the migrations, by their text, or none but others.
    package func history(of migrations: [Migration]) throws(DatabaseError) -> History {
        let applied = try appliedMigrations()
        if applied.isEmpty { return .none }
        return migrations.contains { applied.record(of: $0)?.checksum == $0.checksum } ? .own : .others
    }

    /// Which of the migrations the database has run.
    ///
    /// - Throws: `newerVersion` and `migrationChanged`, as ``Database/migrate(_:)`` does.
    package func migrationStatus(of migrations: [Migration]) throws(DatabaseError) -> [Migration.Status] {
        try Database.status(of: migrations, applied: try appliedMigrations())
    }

    /// The migrations that the database has run, in the order of their numbers.
    func appliedMigrations() throws(DatabaseError) -> [AppliedMigration] {
        let table = try compile(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '\(Migration.tableName)'")
        guard try table.step() else {
            return []
        }
        let rows = try compile(
            "SELECT number, name, checksum, applied_at FROM \(Migration.tableName) ORDER BY number")
        var applied: [AppliedMigration] = []
        while try rows.step() {
            applied.append(
                AppliedMigration(
                    number: rows.int(at: 0), name: rows.text(at: 1), checksum: Int64(rows.int(at: 2)),
                    appliedAt: rows.text(at: 3)))
        }
        return applied
    }

    /// Runs one migration and remembers it, or neither.
    func apply(_ migration: Migration) throws(DatabaseError) {
        // Has no effect within a transaction (https://sqlite.org/pragma.html#pragma_foreign_keys).
        try run("PRAGMA foreign_keys = OFF")
        defer { try? run("PRAGMA foreign_keys = ON") }
        try run("BEGIN IMMEDIATE")
        do throws(DatabaseError) {
            try execute(migration.sql)
            guard isInTransaction else {
                throw DatabaseError(.other, message: "the script ended its transaction")
            }
            try checkForeignKeys()
            let record = try compile(
                """
                INSERT INTO \(Migration.tableName) (number, name, checksum, applied_at)
                VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
                """)
            try record.bind(migration.number, at: 1)
            try record.bind(migration.name, at: 2)
            try record.bind(Int(migration.checksum), at: 3)
            try record.run()
            try run("COMMIT")
        } catch {
            if isInTransaction {
                try? run("ROLLBACK")
            }
            throw DatabaseError(
                error.kind, code: error.code,
                message: "migration \(migration.number) (\(migration.name)): \(error.message)")
        }
    }

    private func checkForeignKeys() throws(DatabaseError) {
        let violations = try compile("PRAGMA foreign_key_check")
        if try violations.step() {
            throw DatabaseError(
                code: SQLITE_CONSTRAINT | (3 << 8),
                message:
                    "a row of \(violations.text(at: 0)) refers to a missing row of \(violations.text(at: 2))")
        }
    }
}
