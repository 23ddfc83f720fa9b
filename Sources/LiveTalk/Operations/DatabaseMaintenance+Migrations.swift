import CraneSQLite

extension DatabaseMaintenance {
    /// Brings the database up to date, making it where there is none; answers what was done, a line each.
    public func migrate() throws(OperationError) -> [String] {
        try withDatabase { database in
            try database.migrate(Migration.all).map { "\($0.number) \($0.name)" }
        }
    }

    /// Every migration of this version and when it was applied, a line each.
    public func migrationStatus() throws(OperationError) -> [String] {
        try withSnapshot { snapshot in
            try snapshot.migrationStatus(of: Migration.all).map { status in
                "\(status.number) \(status.name): \(status.appliedAt.map { "applied at \($0)" } ?? "pending")"
            }
        }
    }

    /// Looks for damage, rows that refer to missing ones and a schema of another version; reads the whole file.
    ///
    /// Answers one line for each problem.
    public func check() throws(OperationError) -> [String] {
        try withSnapshot { snapshot in
            var problems = try snapshot.problems()
            for status in try snapshot.migrationStatus(of: Migration.all) where status.appliedAt == nil {
                problems.append(
                    "migration \(status.number) (\(status.name)) is pending: run livetalk migrate")
            }
            return problems
        }
    }
}
