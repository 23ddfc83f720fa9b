import CSQLite
import CraneSystem

/// One state of a database, read beside whoever owns the file, in this process or in another.
///
/// The WAL cannot begin anew as long as a snapshot of it is open, so close it as soon as the work is done. Calls
/// from several threads take turns.
public final class DatabaseSnapshot: @unchecked Sendable {
    private let lock = Lock()
    // Belongs to whoever holds the lock.
    private let connection: Connection

    /// What the file was when nobody could have it open to write; nil when its locks are held.
    private let unchanging: UnchangingFile?

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
        try unchanging?.check()
        return problems
    }

    /// Writes the state to a file of its own, which appears under its name when it is whole and on the disk.
    ///
    /// The file belongs to whom the one belonged that it replaces, or else to the directory's owner, and no more may
    /// read it than may read the database. Of a symbolic link the file is replaced that it leads to. Blocks the caller's
    /// thread for as long as the copying takes, with a few MiB of memory.
    ///
    /// - Parameters:
    ///   - path: the file; one that is there already is replaced.
    ///   - progress: told now and then which part is done, from 0 to 1.
    /// - Throws: `busy` when another backup writes to the path; `cannotOpen` for what is no plain file, what belongs to a
    ///   database, and when a log lies beside it, which would be read into the copy.
    public func backup(to path: String, progress: (Double) -> Void = { _ in }) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        let target = try BackupFile(at: FilePlace(path), of: connection)
        try target.refuseLog()
        try target.copy(connection, progress: progress)
        try unchanging?.check()
        try target.publish(replacing: true) {}
    }

    /// Has a file of any content written anew, which appears under its name when it is whole and on the disk.
    ///
    /// It belongs to whom a backup would belong, and replaces what a backup would replace. `write` gets the open file.
    package func replaceFile(at path: String, _ write: (Int32) throws -> Void) throws {
        let target: BackupFile
        do {
            lock.lock()
            defer { lock.unlock() }
            try checkOpen()
            target = try BackupFile(at: FilePlace(path), of: connection)
        }
        try target.write(write)
        try target.publish(replacing: true) {}
    }

    /// Puts the state in the place of a database that no `Database` has open, or of what is left of one.
    ///
    /// It is owned from here on until it has been replaced, at once: an interruption leaves the one or the other.
    ///
    /// - Parameters:
    ///   - path: the database; of a symbolic link the file that it leads to.
    ///   - progress: told now and then which part is done, from 0 to 1.
    /// - Throws: `locked` when another has the database; `cannotOpen` when it is this state's own file, and as `backup`.
    public func replaceDatabase(
        at path: String, progress: (Double) -> Void = { _ in }
    ) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        let place = try FilePlace(path)
        let target = try BackupFile(at: place, of: connection)
        let owner = place.status() == nil ? nil : try FileOwner(place, creating: false)
        let old = try owner.flatMap { owner throws(DatabaseError) in try Self.owned(owner) }
        try target.copy(connection, progress: progress)
        try unchanging?.check()
        try target.publish(replacing: owner != nil) { () throws(DatabaseError) in
            old?.close()
            for suffix in BackupFile.companions {
                do throws(SystemError) { try place.remove(suffix) } catch  where error.code != ENOENT {
                    throw DatabaseError(
                        .ioError, error, prefix: "cannot remove \(place.name)\(suffix): ")
                } catch {
                    // It was not there.
                }
            }
        }
        // Until here nobody can begin to write to the file that has just been replaced.
        withExtendedLifetime(owner) {}
    }

    /// The files that a database of this path would be read from, as far as they are there.
    package static func leftovers(at path: String) throws(DatabaseError) -> [String] {
        let place = try FilePlace(path)
        return ([""] + BackupFile.companions).filter { place.status($0) != nil }.map { place.path + $0 }
    }

    /// Writes the state into an empty file that is open, and stays so.
    package func copy(to descriptor: Int32, progress: (Double) -> Void) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        try connection.copy(to: descriptor, progress: progress)
        try unchanging?.check()
    }

    /// The database that is to be replaced, kept from other programs too; nil for one beyond repair.
    private static func owned(_ owner: FileOwner) throws(DatabaseError) -> Connection? {
        do throws(DatabaseError) {
            let connection = try Connection(.owned(owner), isReader: false)
            try connection.configureWriter(Database.Configuration(.file(owner.place.path)))
            try connection.takeOwnership()
            return connection
        } catch {
            guard [.notADatabase, .corrupt].contains(error.kind) else { throw error }
            return nil
        }
    }

    /// Lets the state and the file go; later calls fail as closed.
    public func close() {
        lock.lock()
        defer { lock.unlock() }
        connection.close()
    }

    private func checkOpen() throws(DatabaseError) {
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
