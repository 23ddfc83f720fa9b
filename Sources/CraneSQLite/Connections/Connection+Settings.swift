import CSQLite

extension Connection {
    /// Sets what a connection that only reads needs.
    func configureReader(_ configuration: Database.Configuration) throws(DatabaseError) {
        unsafe sqlite3_busy_timeout(handle, configuration.busyMilliseconds)
        try set("query_only = ON")
        // Only the writer checkpoints: the WAL-reset bug (https://sqlite.org/wal.html#walresetbug) needs two
        // connections that do.
        try set("wal_autocheckpoint = 0")
        try set("cache_size = -\(configuration.readerCacheKiB)")
    }

    /// Sets what the connection that writes needs, and turns the file to WAL.
    func configureWriter(_ configuration: Database.Configuration) throws(DatabaseError) {
        unsafe sqlite3_busy_timeout(handle, configuration.busyMilliseconds)
        if !isInMemory {
            if unsafe sqlite3_db_readonly(handle, "main") == 1 {
                throw DatabaseError(code: SQLITE_READONLY, message: "the database file is read-only")
            }
            let mode = try compile("PRAGMA journal_mode = WAL")
            guard try mode.step(), mode.text(at: 0) == "wal" else {
                throw DatabaseError(.cannotOpen, message: "the database cannot use write-ahead logging here")
            }
            mode.reset()
            try set("wal_autocheckpoint = 0")
            try set("journal_size_limit = \(configuration.walBytes)")
            try set("synchronous = \(configuration.synchronous == .full ? "FULL" : "NORMAL")")
        }
        try set("foreign_keys = ON")
        try set("cache_size = -\(configuration.writerCacheKiB)")
    }

    private func set(_ pragma: String) throws(DatabaseError) {
        let statement = try compile("PRAGMA \(pragma)")
        while try statement.step() {}
    }
}
