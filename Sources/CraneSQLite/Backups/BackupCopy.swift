import CSQLite

/// A copy of one connection's database to another's, in steps (https://sqlite.org/backup.html).
@safe
final class BackupCopy {
    private let target: Connection
    // Finished once: by `finish` or `deinit`.
    private var handle: OpaquePointer?

    init(from source: Connection, to target: Connection) throws(DatabaseError) {
        self.target = target
        unsafe handle = sqlite3_backup_init(target.handle, "main", source.handle, "main")
        if unsafe handle == nil {
            throw target.error()
        }
    }

    deinit {
        finish()
    }

    /// Copies some pages, all when negative; false when the copy is whole.
    func step(pages: Int32) throws(DatabaseError) -> Bool {
        let code = unsafe sqlite3_backup_step(handle, pages)
        switch code {
        case SQLITE_OK: return true
        case SQLITE_DONE: return false
        default: throw unsafe DatabaseError(code: code, message: String(cString: sqlite3_errstr(code)))
        }
    }

    /// The part that is done, from 0 to 1.
    var progress: Double {
        let total = unsafe Double(sqlite3_backup_pagecount(handle))
        return unsafe total == 0 ? 0 : 1 - Double(sqlite3_backup_remaining(handle)) / total
    }

    /// Lets both databases go.
    func finish() {
        unsafe sqlite3_backup_finish(handle)
        unsafe handle = nil
    }
}
