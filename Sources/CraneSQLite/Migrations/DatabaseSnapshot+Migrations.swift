extension DatabaseSnapshot {
    /// Which of the migrations the database has run, read beside whoever owns it.
    ///
    /// - Throws: `newerVersion` and `migrationChanged`, as ``Database/migrate(_:)`` does.
    public func migrationStatus(of migrations: [Migration]) throws -> [Migration.Status] {
        try read { connection in try connection.migrationStatus(of: migrations) }
    }
}
