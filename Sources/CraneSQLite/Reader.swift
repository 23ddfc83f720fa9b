import CSQLite

/// The reading connection of one slot, with the snapshot that it keeps from read to read.
///
/// A WAL read transaction costs several system calls for its lock. This process being the only writer, the
/// snapshot stays exactly the newest state until the commit clock moves, and so does the transaction stay open.
@usableFromInline
final class Reader: @unchecked Sendable {
    // Everything below belongs to whoever holds the lock.
    @usableFromInline let lock: Lock
    @usableFromInline let connection: Connection
    /// The clock's count when the open transaction began, 0 when none is open.
    @usableFromInline var snapshot: UInt64 = 0
    /// False in memory, where the connection is the writer's too.
    private let keepsSnapshot: Bool
    private var isClosed = false

    /// A reader of a file, with a connection of its own.
    init(path: String, configuration: Database.Configuration) throws(DatabaseError) {
        lock = Lock()
        connection = try Connection(path: path, isReader: true, vfs: configuration.vfs)
        try connection.configureReader(configuration)
        keepsSnapshot = true
    }

    /// A reader of a database in memory, which shares the writer's connection and lock.
    init(sharing connection: Connection, lock: Lock) {
        self.lock = lock
        self.connection = connection
        keepsSnapshot = false
    }

    /// Makes the newest state visible; called with the lock held.
    @usableFromInline
    func begin(at now: UInt64) throws(DatabaseError) {
        if isClosed {
            throw DatabaseError(.closed, message: "the database is closed")
        }
        guard keepsSnapshot else {
            connection.allowsChanges = false
            return
        }
        endSnapshot()
        // A deferred transaction takes its snapshot at the first read, which comes after `now` was loaded.
        try connection.run("BEGIN")
        snapshot = now
    }

    /// Takes the statements back, and lets an old snapshot go; called with the lock held.
    @usableFromInline
    func finish(isCurrent: Bool) {
        connection.finishBody()
        if !isCurrent {
            endSnapshot()
        }
        if !keepsSnapshot {
            connection.allowsChanges = true
        }
    }

    /// Lets the snapshot go, so that the WAL behind it can be reused; called with the lock held.
    @usableFromInline
    func endSnapshot() {
        snapshot = 0
        if keepsSnapshot, connection.isInTransaction {
            // Ending a transaction that only read cannot fail; were it to, the next BEGIN would say so.
            try? connection.run("COMMIT")
        }
    }

    /// Takes note that a body failed; called with the lock held.
    @usableFromInline
    func noteFailure(_ error: any Error) {
        // After an I/O error the transaction may be in any state: the next read begins a fresh one.
        if error is DatabaseError {
            connection.finishBody()
            endSnapshot()
        }
    }

    /// Waits for the read that runs, and lets none begin after it.
    func close() {
        lock.lock()
        defer { lock.unlock() }
        isClosed = true
        if keepsSnapshot {
            endSnapshot()
            connection.close()
        }
    }

    /// Lets the snapshot go if nobody reads at this moment.
    func endIdleSnapshot() {
        guard keepsSnapshot, lock.lockIfFree() else {
            return
        }
        endSnapshot()
        lock.unlock()
    }
}
