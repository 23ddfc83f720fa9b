import Synchronization

/// An SQLite database that many loops read and one thread writes.
///
/// Every read sees each write that was answered before it began. A write is answered when it is on the disk:
/// the writer thread takes all writes that wait, gives each its own savepoint, and commits once for all.
public final class Database: Sendable {
    @usableFromInline let readers: [Reader]
    @usableFromInline let writer: Writer
    let clock: CommitClock
    private let configuration: Configuration
    private let thread: Mutex<WriterThread?>

    /// Opens or creates the database, takes it for this process alone and starts the writer thread.
    ///
    /// - Throws: `locked` when another process or `Database` writes to the file; `cannotOpen`, `notADatabase`,
    ///   `readOnly`, `corrupt` and others for what the file is.
    public init(_ configuration: Configuration) throws(DatabaseError) {
        let lock = Lock()
        let connection: Connection
        clock = CommitClock()
        self.configuration = configuration
        switch configuration.location {
        case .memory:
            connection = try Connection(path: nil, isReader: false)
            try connection.configureWriter(configuration)
            let shared = Reader(sharing: connection, lock: lock, clock: clock)
            readers = Array(repeating: shared, count: max(configuration.readers, 1))
        case .file(let path):
            connection = try Connection(path: path, isReader: false, vfs: configuration.vfs)
            try connection.configureWriter(configuration)
            try connection.takeOwnership()
            var readers: [Reader] = []
            for _ in 0..<max(configuration.readers, 1) {
                readers.append(try Reader(path: path, configuration: configuration, clock: clock))
            }
            self.readers = readers
        }
        let writer = try Writer(
            connection: connection, lock: lock, readers: readers, clock: clock, configuration: configuration)
        self.writer = writer
        guard let started = WriterThread({ writer.run() }) else {
            throw DatabaseError(.other, message: "the system has no thread for the writer")
        }
        thread = Mutex(started)
    }

    deinit {
        close()
    }

    /// Reads on the caller's thread, with the connection of this slot, in one snapshot.
    ///
    /// The body sees every write that was answered before the call. Use one slot a loop: callers of one slot wait
    /// for each other, a body must not read its own slot again, and a long body holds up the checkpoint. While
    /// nothing is written a read takes no lock of the file; it costs some 50 ns beside its statements.
    ///
    /// - Throws: what the body throws; `closed` after `close`.
    @inlinable
    public func read<T>(slot: Int, _ body: (Connection) throws -> T) throws -> T {
        let reader = readers[slot]
        try reader.begin()
        do {
            let value = try body(reader.connection)
            reader.end()
            return value
        } catch {
            reader.end(failing: error)
            throw error
        }
    }

    /// Queues a write for the writer thread and returns when it is on the disk.
    ///
    /// Writes run in the order in which they were queued, each in its own savepoint: when the body throws, its
    /// changes are undone and the others are not. A body should be short, as all others wait for it.
    ///
    /// - Throws: what the body throws; `overloaded` when the queue is full; `cancelled` when the task was cancelled
    ///   before the body began; `closed` after `close`; the commit's own failure, for every write of the batch.
    @inlinable
    public func write<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        let operation = WriteOperationOf(body)
        return try await withTaskCancellationHandler {
            unsafe try await withUnsafeThrowingContinuation { continuation in
                unsafe operation.continuation = unsafe continuation
                writer.enqueue(operation)
            }
        } onCancel: {
            operation.withdraw()
        }
    }

    /// What the writer has done so far. Any thread.
    public var counters: DatabaseCounters {
        writer.tally.counters(queueLength: writer.queue.length, walBytes: writer.wal.bytes)
    }

    /// Opens a snapshot of the newest state, for long work beside the slots: an export, a backup, a check.
    ///
    /// In memory it is a copy of the whole database, for which writes wait.
    ///
    /// - Throws: `closed` after `close`, and whatever opening a file can.
    public func snapshot() throws(DatabaseError) -> DatabaseSnapshot {
        writer.lock.lock()
        defer { writer.lock.unlock() }
        let connection = try writer.openConnection
        switch configuration.location {
        case .memory: return try DatabaseSnapshot(copying: connection)
        case .file(let path): return try DatabaseSnapshot(path: path, vfs: configuration.vfs)
        }
    }

    /// Commits what is queued, moves the WAL into the file and lets the file go; later calls fail as closed.
    ///
    /// Waits for the reads and writes that run. A second call does nothing.
    public func close() {
        writer.queue.close()
        guard let thread = thread.withLock({ $0.take() }) else {
            return
        }
        thread.join()
        for reader in readers {
            reader.close()
        }
        writer.close()
    }
}
