import CSQLite

/// One state of a database, read beside whoever owns the file, in this process or in another.
///
/// The WAL cannot begin anew as long as a snapshot of it is open, so close it as soon as the work is done. Calls
/// from several threads take turns.
public final class DatabaseSnapshot: @unchecked Sendable {
    private let lock = Lock()
    // Belongs to whoever holds the lock.
    private let connection: Connection

    /// Opens the file for reading and takes its newest state.
    ///
    /// - Throws: `cannotOpen` when the file is not there, `notADatabase`, `corrupt`, `busy`.
    public convenience init(path: String) throws(DatabaseError) {
        try self.init(path: path, vfs: nil)
    }

    init(path: String, vfs: String?) throws(DatabaseError) {
        connection = try Connection(path: path, isReader: true, vfs: vfs)
        unsafe sqlite3_busy_timeout(connection.handle, 2000)
        try takeState()
    }

    /// Copies the whole database, which the caller has locked.
    init(copying source: Connection) throws(DatabaseError) {
        connection = try Connection(path: nil, isReader: false)
        let copy = try BackupCopy(from: source, to: connection)
        while try copy.step(pages: -1) {}
        connection.allowsChanges = false
        try takeState()
    }

    /// Reads the state on the caller's thread.
    ///
    /// - Throws: what the body throws; `closed` after `close`.
    public func read<T>(_ body: (Connection) throws -> T) throws -> T {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        defer { connection.finishBody() }
        return try body(connection)
    }

    /// Looks for damage and for rows that refer to missing ones; reads the whole file.
    ///
    /// - Returns: one line for each problem, a hundred at most; none when all is well.
    public func problems() throws(DatabaseError) -> [String] {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        defer { connection.finishBody() }
        var problems: [String] = []
        let integrity = try connection.prepare("PRAGMA integrity_check(100)")
        while try integrity.step() {
            problems.append(integrity.text(at: 0))
        }
        if problems == ["ok"] {
            problems = []
        }
        let orphans = try connection.prepare("PRAGMA foreign_key_check")
        while problems.count < 100, try orphans.step() {
            problems.append(
                "row \(orphans.int(at: 1)) of \(orphans.text(at: 0)) refers to a missing row of "
                    + orphans.text(at: 2))
        }
        return problems
    }

    /// Writes the state to a file of its own, which appears under its name when it is whole and on the disk.
    ///
    /// The file belongs to whom the one belonged that it replaces, or else to the directory's owner, and no more may
    /// read it than may read the database. Blocks the caller's thread for as long as the copying takes, with a few MiB
    /// of memory.
    ///
    /// - Parameters:
    ///   - path: the file; one that is there already is replaced.
    ///   - progress: told now and then which part is done, from 0 to 1.
    ///   - retire: called when the copy is whole, just before it is put in the place of what has its name.
    /// - Throws: `busy` when another backup writes to the path; `cannotOpen` also when a log lies beside it, which
    ///   would be read into the copy; what `retire` throws.
    public func backup(
        to path: String, progress: (Double) -> Void = { _ in },
        retire: () throws(DatabaseError) -> Void = {}
    ) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        let target = try BackupFile(path: path, of: connection)
        let copy = try BackupCopy(from: connection, to: target.connection)
        while try copy.step(pages: 256) {
            progress(copy.progress)
        }
        copy.finish()
        try target.publish(retire: retire)
        progress(1)
    }

    /// Lets the state and the file go; later calls fail as closed.
    public func close() {
        lock.lock()
        defer { lock.unlock() }
        connection.close()
    }

    /// Begins the transaction that holds the state; it lasts until the connection closes.
    private func takeState() throws(DatabaseError) {
        try connection.run("BEGIN")
        // The transaction takes its state at the first read.
        try connection.run("SELECT 1 FROM sqlite_schema LIMIT 1")
    }

    private func checkOpen() throws(DatabaseError) {
        if connection.isClosed {
            throw DatabaseError(.closed, message: "the snapshot is closed")
        }
    }
}
