extension DatabaseSnapshot {
    /// Whose migrations a database has run.
    package enum History {
        case none
        /// Some of those that were asked about, perhaps with others that have changed since or are newer.
        case own
        case others
    }

    /// Whether the database has run some of the migrations, by their text, or none but others.
    package func history(of migrations: [Migration]) throws -> History {
        let applied = try read { connection in try connection.appliedMigrations() }
        if applied.isEmpty { return .none }
        return migrations.contains { applied.record(of: $0)?.checksum == $0.checksum } ? .own : .others
    }

    /// Which of the migrations the database has run, read beside whoever owns it.
    ///
    /// - Throws: `newerVersion` and `migrationChanged`, as ``Database/migrate(_:)`` does.
    public func migrationStatus(of migrations: [Migration]) throws -> [Migration.Status] {
        let applied = try read { connection in try connection.appliedMigrations() }
        return try Database.status(of: migrations, applied: applied)
    }
}
