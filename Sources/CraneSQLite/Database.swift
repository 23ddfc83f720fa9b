@_exported public import CraneSchema
import CraneSystem

/// An SQLite database that many loops read and one thread writes.
///
/// Every read sees each write that was answered before it began. A write is answered when it is on the disk:
/// the writer thread takes all writes that wait, undoes each that fails by itself, and commits once for all.
public final class Database: Sendable {
    @usableFromInline let readers: ReaderPool
    @usableFromInline let writer: Writer
    let clock: CommitClock
    private let configuration: Configuration
    private let thread: SystemThread
    /// What about the file's place may lose answered writes, a sentence each: other names, a mount of its own, a network.
    public let hazards: [String]

    /// Opens or creates the database, takes it for this process alone and starts the writer thread.
    ///
    /// - Parameters:
    ///   - configuration: where the database is, and how much it may take.
    ///   - check: looks at what a file holds before anything of it is changed, and leaves it as it is by throwing.
    /// - Throws: `locked` when another process or `Database` writes to the file; `cannotOpen`, `notADatabase`,
    ///   `readOnly`, `corrupt` and others for what the file is; what `check` throws.
    public init(
        _ configuration: Configuration,
        checking check: ((Connection) throws(DatabaseError) -> Void)? = nil
    ) throws(DatabaseError) {
        let lock = Lock()
        let connection: Connection
        clock = CommitClock()
        self.configuration = configuration
        switch configuration.location {
        case .memory:
            connection = try Connection(.memory, isReader: false)
            try connection.configureWriter(configuration)
            let shared = Reader(
                sharing: connection, lock: lock, configuration: configuration, clock: clock)
            readers = ReaderPool(loops: [], others: [shared])
            hazards = []
        case .file(let path):
            connection = try Connection(
                .owned(Self.owner(of: path)), isReader: false, vfs: configuration.vfs)
            if let check { try connection.inspect(configuration, check) }
            try connection.configureWriter(configuration)
            try connection.takeOwnership()
            hazards =
                connection.owner.map { FileHazards(of: $0, mounts: FileHazards.mounts()).descriptions } ?? []
            let (owner, clock) = (connection.owner, clock)
            let made = { (count: Int) in
                (0..<count).map { _ in Reader(of: owner, configuration: configuration, clock: clock) }
            }
            readers = ReaderPool(
                loops: made(max(configuration.loopReaders, 0)),
                others: made(max(configuration.otherReaders, 1)))
        }
        let writer = try Writer(
            connection: connection, lock: lock, readers: readers.all, clock: clock,
            configuration: configuration)
        self.writer = writer
        guard let thread = try? SystemThread(signals: false, { writer.run() }) else {
            throw DatabaseError(.other, message: "the system has no thread for the writer")
        }
        self.thread = thread
    }

    deinit {
        close()
    }

    private static func owner(of path: String) throws(DatabaseError) -> FileOwner {
        let place: FilePlace
        do {
            place = try FilePlace(path)
        } catch {
            throw DatabaseError(error.kind, message: "unable to open database file: \(error.message)")
        }
        return try FileOwner(place, creating: true)
    }

    /// Reads on the caller's thread, in one snapshot.
    ///
    /// The body sees every write that was answered before the call. On a loop it reads by the loop's own connection; all other
    /// threads share some, and wait for one when each is in use. A body must not read again within itself, and a long one
    /// holds up the checkpoint. While nothing is written a read takes no lock of the file; it costs some 50 ns beside its
    /// statements.
    ///
    /// The first read of a loop opens its connection, which takes about a millisecond: see ``openLoopReaders(reading:)``.
    ///
    /// - Throws: what the body throws; `closed` after `close`; what opening a file can.
    @inlinable
    public func read<T>(_ body: (Connection) throws -> T) throws -> T {
        let (reader, connection) = try readers.begin()
        do {
            let value = try body(connection)
            reader.end()
            return value
        } catch {
            reader.end(failing: error)
            throw error
        }
    }

    /// Opens the connections of all loops, for a program's start: the file and its log are found once, whatever becomes of their names.
    ///
    /// The first read of each still reads the schema.
    ///
    /// - Throws: `closed` after `close`; what opening a file can.
    public func openLoopReaders() throws {
        for reader in readers.loops { try reader.open() }
    }

    /// Opens the connections of all loops and runs the body on each, so that no loop has to wait for its own: for a program's
    /// start, with the statements that are to be ready.
    ///
    /// - Throws: as ``read(_:)``.
    public func openLoopReaders(reading body: (Connection) throws -> Void) throws {
        for reader in readers.loops {
            let connection = try reader.begin()
            do {
                try body(connection)
                reader.end()
            } catch {
                reader.end(failing: error)
                throw error
            }
        }
    }

    /// Queues a write for the writer thread and returns when it is on the disk.
    ///
    /// Writes run in the order in which they were queued, each by itself: when the body throws, its
    /// changes are undone and the others are not. A body should be short, as all others wait for it.
    ///
    /// - Parameters:
    ///   - isRepeatable: whether the body may run twice, because all that it does is to read and write rows: writes of this kind that
    ///     are committed together do without savepoints, until one of them fails behind a change, and all run again. That saves SQLite a
    ///     copy of each page that a write changes.
    ///   - body: what is done, on the writer's thread.
    /// - Throws: what the body throws; `overloaded` when the queue is full; `cancelled` when the task was cancelled
    ///   before the body began; `closed` after `close`; the commit's own failure, for every write of the batch.
    @inlinable
    public func write<T: Sendable>(
        isRepeatable: Bool = false, _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        let operation = WriteOperation(isRepeatable: isRepeatable, body)
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
        writer.counts.snapshot(queueLength: writer.queue.length, walBytes: writer.wal.bytes)
    }

    /// Opens a snapshot of the newest state, for long work beside the reads: an export, a backup, a check.
    ///
    /// In memory it is a copy of the whole database, for which writes wait.
    ///
    /// - Throws: `closed` after `close`, and whatever opening a file can.
    public func snapshot() throws(DatabaseError) -> DatabaseSnapshot {
        writer.lock.lock()
        defer { writer.lock.unlock() }
        let connection = try writer.openConnection
        guard let owner = connection.owner else { return try DatabaseSnapshot(copying: connection) }
        return try DatabaseSnapshot(of: owner, vfs: configuration.vfs)
    }

    /// Commits what is queued, moves the WAL into the file and lets the file go; later calls fail as closed.
    ///
    /// Waits for the writes; statements of reads that run are interrupted and fail as cancelled, since some would run for
    /// ever. What a read's body does beside its statements is waited for. A second call does nothing.
    public func close() {
        writer.queue.close()
        let isFirst = thread.end {
            // In memory a read keeps the writer waiting.
            for reader in readers.all {
                reader.close()
            }
        }
        if isFirst { writer.close() }
    }
}
