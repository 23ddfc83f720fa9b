extension DatabaseSnapshot {
    /// Which of the migrations the database has run, read beside whoever owns it.
    ///
    /// - Throws: `newerVersion` and `migrationChanged`, as ``Database/migrate(_:)`` does.
    public func migrationStatus(of migrations: [Migration]) throws -> [Migration.Status] {
        let applied = try read { connection in try connection.appliedMigrations() }
        return try Database.status(of: migrations, applied: applied)
    }
}
