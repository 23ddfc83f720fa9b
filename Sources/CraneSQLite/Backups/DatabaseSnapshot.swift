import CSQLite
import CraneSystem

/// One state of a database, read beside whoever owns the file, in this process or in another.
///
/// The WAL cannot begin anew as long as a snapshot of it is open, so close it as soon as the work is done. Calls
/// from several threads take turns.
public final class DatabaseSnapshot: @unchecked Sendable {
    let lock = Lock()
    // Belongs to whoever holds the lock.
    let connection: Connection

    /// What the file was when nobody could have it open to write; nil when its locks are held.
    let unchanging: UnchangingFile?

    /// Opens the file for reading and takes its newest state.
    ///
    /// A database at rest is also read where nothing may be written, such as from read-only media: then what the file
    /// holds is checked against changes at the end of each use.
    ///
    /// - Throws: `cannotOpen` when the file is not there, or cannot be read without writing; `notADatabase`, `corrupt`,
    ///   `busy`.
    public init(path: String) throws(DatabaseError) {
        let connection = try Connection(.path(path), isReader: true)
        do {
            try connection.takeState()
            self.connection = connection
            unchanging = nil
        } catch  where [.readOnly, .cannotOpen].contains(error.kind) {
            // A database in WAL mode, whose `-shm` cannot be made or written to here.
            unchanging = try UnchangingFile(of: connection)
            connection.close()
            self.connection = try Connection(.unchanging(path), isReader: true)
            try self.connection.takeState()
        }
    }

    /// Opens the file of a database of this process.
    init(of owner: FileOwner, vfs: String?) throws(DatabaseError) {
        connection = try Connection(.owned(owner), isReader: true, vfs: vfs)
        unchanging = nil
        try connection.takeState()
    }

    /// Opens a file that is open and that nobody else knows.
    package init(descriptor: Int32) throws(DatabaseError) {
        try Connection.markLogless(descriptor)
        connection = try Connection(.descriptor(descriptor), isReader: true)
        unchanging = nil
        try connection.takeState()
    }

    /// Copies the whole database, which the caller has locked.
    init(copying source: Connection) throws(DatabaseError) {
        connection = try Connection(.memory, isReader: false)
        unchanging = nil
        let copy = try BackupCopy(from: source, to: connection)
        while try copy.step(pages: -1) {}
        connection.allowsChanges = false
        try connection.takeState()
    }

    /// Reads the state on the caller's thread.
    ///
    /// - Throws: what the body throws; `closed` after `close`.
    public func read<T>(_ body: (Connection) throws -> T) throws -> T {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        defer { connection.finishBody() }
        let value = try body(connection)
        try unchanging?.check()
        return value
    }

    /// Lets the state and the file go; later calls fail as closed.
    public func close() {
        lock.lock()
        defer { lock.unlock() }
        connection.close()
    }

    func checkOpen() throws(DatabaseError) {
        if connection.isClosed {
            throw DatabaseError(.closed, message: "the snapshot is closed")
        }
    }
}

extension Connection {
    /// Begins the transaction that holds the state; it lasts until the connection closes.
    fileprivate func takeState() throws(DatabaseError) {
        unsafe sqlite3_busy_timeout(handle, 2000)
        try run("BEGIN")
        // The transaction takes its state at the first read.
        try run("SELECT 1 FROM sqlite_schema LIMIT 1")
    }
}
