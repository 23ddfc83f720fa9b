import CSQLite

extension Connection {
    /// Sets what a connection that only reads needs.
    func configureReader(_ configuration: Database.Configuration) throws(DatabaseError) {
        wait(configuration.busyMilliseconds)
        try set("query_only = ON")
        // Only the writer checkpoints: the WAL-reset bug (https://sqlite.org/wal.html#walresetbug) needs two
        // connections that do.
        try set("wal_autocheckpoint = 0")
        // Opens the log: whatever becomes of its name, the connection has it.
        try set("user_version")
    }

    /// Gives a connection that only reads its cache; the first call reads the schema, a millisecond's work.
    func setReaderCache(_ configuration: Database.Configuration) throws(DatabaseError) {
        try set("cache_size = -\(configuration.readerCacheKiB)")
    }

    /// Lets the body look at a file that may be anybody's; nothing of it is changed, nor its log moved into it.
    func inspect(
        _ configuration: Database.Configuration, _ body: (Connection) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        wait(configuration.busyMilliseconds)
        keepLogAtClose(true)
        allowsChanges = false
        // One state of it.
        try run("BEGIN")
        try body(self)
        finishBody()
        try run("COMMIT")
        allowsChanges = true
        keepLogAtClose(false)
    }

    /// Sets what the connection that writes needs, and turns the file to WAL.
    func configureWriter(_ configuration: Database.Configuration) throws(DatabaseError) {
        wait(configuration.busyMilliseconds)
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

    /// How long a lock of another process is waited for.
    private func wait(_ milliseconds: Int32) {
        unsafe sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Whether the log stays as it is where this connection is the last to close.
    private func keepLogAtClose(_ keeps: Bool) {
        _ = unsafe crane_sqlite3_keep_wal_on_close(handle, keeps ? 1 : 0)
    }

    private func set(_ pragma: String) throws(DatabaseError) {
        let statement = try compile("PRAGMA \(pragma)")
        while try statement.step() {}
    }
}
