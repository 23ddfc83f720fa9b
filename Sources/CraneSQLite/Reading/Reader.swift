import CSQLite
import CraneSystem
import Synchronization

/// One connection that reads, with the snapshot that it keeps from read to read.
///
/// A WAL read transaction costs several system calls for its lock. This process being the only writer, the
/// snapshot stays exactly the newest state until the commit clock moves, and so does the transaction stay open.
@safe
@usableFromInline
final class Reader: @unchecked Sendable {
    // Everything below, but the lock, belongs to whoever holds it.
    let lock: Lock
    /// Opened at the first read.
    private(set) var connection: Connection?
    /// The file to open; nil in memory and once the reader is closed.
    private var owner: FileOwner?
    /// The clock's count when the open transaction began, 0 when none is open; any thread may look.
    let snapshot = Atomic<UInt64>(0)
    private var isClosed = false
    /// SQLite's handle of the connection while a read may run on it, for whoever would interrupt that; any thread.
    private let interruptible = unsafe Atomic<OpaquePointer?>(nil)
    private let clock: CommitClock
    private let configuration: Database.Configuration
    /// False in memory, where the connection is the writer's too.
    private let keepsSnapshot: Bool
    /// Whether the connection has a cache of its size; to give it one reads the schema.
    private var hasCache = false

    /// A reader of a file, with a connection of its own.
    init(of owner: FileOwner?, configuration: Database.Configuration, clock: CommitClock) {
        lock = Lock()
        self.owner = owner
        self.configuration = configuration
        self.clock = clock
        keepsSnapshot = true
    }

    /// A reader of a database in memory, which shares the writer's connection and lock.
    init(
        sharing connection: Connection, lock: Lock, configuration: Database.Configuration, clock: CommitClock
    ) {
        self.lock = lock
        self.connection = connection
        self.configuration = configuration
        self.clock = clock
        keepsSnapshot = false
    }

    /// Opens the connection, its file and its log, where it is not open; the schema is left to the first read.
    func open() throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        if connection == nil { _ = try opened() }
    }

    /// Takes the lock and makes the newest state visible; throws without the lock.
    @usableFromInline
    func begin() throws(DatabaseError) -> Connection {
        lock.lock()
        return try beginLocked()
    }

    /// The same, unless somebody else reads by it.
    func beginIfFree() throws(DatabaseError) -> Connection? {
        lock.tryLock() ? try beginLocked() : nil
    }

    private func beginLocked() throws(DatabaseError) -> Connection {
        // Loaded before the snapshot is taken, which can then only be newer.
        let now = clock.now
        if snapshot.load(ordering: .relaxed) == now, let connection {
            return connection
        }
        do throws(DatabaseError) {
            return try renew(at: now)
        } catch {
            lock.unlock()
            throw error
        }
    }

    /// Takes the statements back and lets the lock go.
    @usableFromInline
    func end() {
        connection?.finishBody()
        if !keepsSnapshot {
            connection?.allowsChanges = true
            // The writer's statements come next.
            unsafe interruptible.store(nil, ordering: .relaxed)
        } else if snapshot.load(ordering: .relaxed) != clock.now {
            // An old snapshot must not keep the WAL while nobody reads.
            endSnapshot()
        }
        lock.unlock()
    }

    /// Does as `end` after a body that failed.
    @usableFromInline
    func end(failing error: any Error) {
        // After an I/O error the transaction may be in any state: the next read begins a fresh one.
        if error is DatabaseError {
            connection?.finishBody()
            endSnapshot()
        }
        end()
    }

    private func renew(at now: UInt64) throws(DatabaseError) -> Connection {
        if isClosed {
            throw DatabaseError(.closed, message: "the database is closed")
        }
        let connection = if let connection { connection } else { try opened() }
        unsafe interruptible.store(connection.handle, ordering: .relaxed)
        guard keepsSnapshot else {
            connection.allowsChanges = false
            return connection
        }
        endSnapshot()
        if !hasCache {
            try connection.setReaderCache(configuration)
            hasCache = true
        }
        // A deferred transaction takes its snapshot at the first read, which comes after `now` was loaded.
        try connection.run("BEGIN")
        snapshot.store(now, ordering: .relaxed)
        return connection
    }

    private func opened() throws(DatabaseError) -> Connection {
        guard let owner else {
            throw DatabaseError(.closed, message: "the database is closed")
        }
        let opened = try Connection(.owned(owner), isReader: true, vfs: configuration.vfs)
        try opened.configureReader(configuration)
        connection = opened
        return opened
    }

    /// Lets the snapshot go, so that the WAL behind it can be reused.
    private func endSnapshot() {
        if keepsSnapshot, let connection, connection.isInTransaction {
            // Ending a transaction that only read cannot fail; were it to, the next BEGIN would say so.
            try? connection.run("COMMIT")
        }
        snapshot.store(0, ordering: .releasing)
    }

    /// Interrupts the read that runs, waits for its end, and lets none begin after it.
    func close() {
        while !lock.tryLock() {
            // An interrupt between two statements is lost on the second (https://sqlite.org/c3ref/interrupt.html). The
            // connection is closed below and nowhere else.
            if let handle = unsafe interruptible.load(ordering: .relaxed) { unsafe sqlite3_interrupt(handle) }
            usleep(1000)
        }
        defer { lock.unlock() }
        isClosed = true
        if keepsSnapshot {
            endSnapshot()
            connection?.close()
            owner = nil
        }
    }

    /// Whether no transaction is open that began before this count of the clock; ends one that rests.
    ///
    /// A read may begin meanwhile that has loaded an earlier count, but the state that it takes is the newest.
    func isClear(before count: UInt64) -> Bool {
        let began = snapshot.load(ordering: .acquiring)
        if began == 0 || began >= count {
            return true
        }
        guard lock.tryLock() else {
            return false
        }
        endSnapshot()
        lock.unlock()
        return true
    }
}
