import CSQLite

extension Connection {
    /// The size of the file's pages.
    func pageBytes() throws(DatabaseError) -> Int {
        let statement = try compile("PRAGMA page_size")
        guard try statement.step() else {
            throw DatabaseError(.corrupt, message: "the database has no page size")
        }
        return statement.int(at: 0)
    }

    /// Whether this transaction would leave a row without the row that it refers to.
    var hasUnresolvedForeignKeys: Bool {
        var unresolved: Int32 = 0
        var peak: Int32 = 0
        unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &peak, 0)
        return unresolved != 0
    }

    /// The file's absolute path; nil in memory and behind a descriptor.
    var path: String? {
        guard file != nil, let path = unsafe sqlite3_db_filename(handle, "main") else { return nil }
        return unsafe String(cString: path)
    }

    /// The absolute path of the file's WAL; nil in memory and behind a descriptor.
    var walPath: String? {
        guard file != nil, let path = unsafe sqlite3_db_filename(handle, "main"),
            let walPath = unsafe sqlite3_filename_wal(path)
        else { return nil }
        return unsafe String(cString: walPath)
    }

    /// The files to watch, once the WAL has been opened; nil in memory and behind a descriptor.
    func watchedFile() -> WatchedFile? {
        guard let path, let walPath else { return nil }
        return WatchedFile(paths: [path, walPath, path + "-shm"])
    }

    /// Reports the WAL's length after each commit to a gauge that outlives the connection.
    func watchWAL(_ gauge: WALGauge) {
        unsafe sqlite3_wal_hook(
            handle,
            { context, _, _, frames in
                if let context = unsafe context {
                    unsafe Unmanaged<WALGauge>.fromOpaque(context).takeUnretainedValue()
                        .noteCommit(frames: Int(frames))
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(gauge).toOpaque())
    }
}
