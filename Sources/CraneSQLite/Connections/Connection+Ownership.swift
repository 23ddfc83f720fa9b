import CSQLite

extension Connection {
    /// Takes the WAL's write and checkpoint locks and keeps them until the connection closes.
    ///
    /// Other processes can still read, but none can write, checkpoint or own the file, and the locks go with the
    /// process however it ends. That rules out the WAL-reset bug (https://sqlite.org/wal.html#walresetbug), and
    /// makes the commit clock tell the truth. Who knows nothing of ``FileOwner`` is kept out by this alone.
    ///
    /// - Throws: `locked` when another owns the file.
    func takeOwnership() throws(DatabaseError) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard let file = unsafe file, let methods = unsafe file.pointee.pMethods else {
            throw DatabaseError(.cannotOpen, message: "the database has no file")
        }
        unsafe keptMethods = unsafe LockKeepingMethods.install(over: methods, in: file)
        do {
            try execute("BEGIN IMMEDIATE; COMMIT")
        } catch  where [.busy, .locked].contains(error.kind) {
            throw OpenFiles.taken
        }
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        if code & 0xFF == SQLITE_BUSY {
            throw DatabaseError(
                .locked, code: code, message: "another process is checkpointing this database")
        }
        if code != SQLITE_OK {
            throw self.error()
        }
    }
}
