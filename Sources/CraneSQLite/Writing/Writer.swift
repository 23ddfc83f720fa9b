import CSQLite
import CraneSystem
import Synchronization

/// The one connection that writes and checkpoints, and the thread that commits what waits in batches.
@usableFromInline
final class Writer: @unchecked Sendable {
    /// Held by whoever uses the connection; the batches of the thread, a migration or a checkpoint.
    let lock: Lock
    let connection: Connection
    let file: WatchedFile?
    let queue: WriteQueue
    let clock: CommitClock
    let counts = AtomicDatabaseCounters()
    /// Who is told the notes of each commit.
    let observers = Mutex<[@Sendable ([any Sendable], Connection) -> Void]>([])
    let wal: WALGauge
    let readers: [Reader]

    /// How long nothing is written before the WAL is moved into the file.
    private static let quietMilliseconds = 5000

    init(
        connection: Connection, lock: Lock, readers: [Reader], clock: CommitClock,
        configuration: Database.Configuration
    ) throws(DatabaseError) {
        self.connection = connection
        self.lock = lock
        self.readers = readers
        self.clock = clock
        queue = WriteQueue(bound: configuration.writeQueueBound)
        file = connection.watchedFile()
        wal = WALGauge(pageBytes: try connection.pageBytes(), bound: configuration.walBytes)
        connection.watchWAL(wal)
    }

    /// The connection for whoever holds the lock, unless the database has been closed.
    var openConnection: Connection {
        get throws(DatabaseError) {
            if connection.isClosed {
                throw DatabaseError(.closed, message: "the database is closed")
            }
            return connection
        }
    }

    /// Queues the operation, or answers it at once. Any thread.
    @usableFromInline
    func enqueue(_ operation: AnyWriteOperation) {
        guard operation.offer() else {
            operation.complete(failing: AnyWriteOperation.cancellation)
            return
        }
        if let refusal = queue.append(operation), operation.take() {
            operation.complete(failing: refusal)
        }
    }

    /// The thread's body: batch after batch until the queue is closed and empty.
    func run() {
        while true {
            // A quiet moment is the time to move the WAL into the file.
            switch queue.take(within: wal.isDirty ? Self.quietMilliseconds : nil) {
            case .operations(let first):
                commit(first)
                if wal.isCheckpointDue {
                    checkpoint()
                }
            case .idle:
                checkpoint()
            case .closed:
                return
            }
        }
    }

    /// Runs what can be claimed of these operations in one transaction, then answers them all.
    private func commit(_ first: AnyWriteOperation) {
        let (claimed, count) = Self.claim(first)
        guard let claimed else {
            return
        }
        lock.lock()
        var batchFailure: (any Error)?
        do {
            let failures = try runTransaction(claimed, count)
            counts.count(batch: count, failures: failures)
            clock.advance()
            announceCommit()
        } catch {
            _ = connection.takeNotes()
            batchFailure = error
            counts.count(batch: count, failures: count)
            abandonTransaction()
        }
        lock.unlock()
        // One after the other, so that each loop is woken once for all of its own.
        var next: AnyWriteOperation? = claimed
        while let operation = next {
            next = operation.next
            operation.next = nil
            operation.complete(failing: operation.failure ?? batchFailure)
        }
    }

    /// Leaves out the operations that were withdrawn; the first of the rest, and how many they are.
    private static func claim(_ first: AnyWriteOperation) -> (AnyWriteOperation?, Int) {
        var head: AnyWriteOperation?
        var tail: AnyWriteOperation?
        var count = 0
        var next: AnyWriteOperation? = first
        while let operation = next {
            next = operation.next
            operation.next = nil
            guard operation.take() else {
                continue
            }
            count += 1
            if let tail {
                tail.next = operation
            } else {
                head = operation
            }
            tail = operation
        }
        return (head, count)
    }

    /// Runs the operations and commits; how many failed alone. Throws when none is in the database.
    private func runTransaction(_ first: AnyWriteOperation, _ count: Int) throws -> Int {
        // IMMEDIATE takes the write lock now; a deferred transaction could find it taken in its middle.
        try connection.run("BEGIN IMMEDIATE")
        var failures = 0
        if count == 1 {
            // Nothing else is in the transaction: its end is the operation's own.
            try runAlone(first)
        } else if Self.areRepeatable(first), let failed = try runTogether(first) {
            failures = failed
        } else {
            failures = try runInSavepoints(first)
        }
        try file?.check()
        let start = ContinuousClock.now
        try connection.run("COMMIT")
        counts.countCommit(of: count - failures, start.duration(to: .now))
        return failures
    }

    private static func areRepeatable(_ first: AnyWriteOperation) -> Bool {
        var next: AnyWriteOperation? = first
        while let operation = next {
            guard operation.isRepeatable else { return false }
            next = operation.next
        }
        return true
    }

    /// Runs the operations one after the other, without savepoints: behind each one SQLite would copy every page anew that is
    /// changed. Returns how many failed before they had changed anything; `nil` where one failed later, which leaves a new transaction
    /// in which nothing has been done.
    private func runTogether(_ first: AnyWriteOperation) throws -> Int? {
        var failures = 0
        var next: AnyWriteOperation? = first
        while let operation = next {
            next = operation.next
            let changes = connection.totalChanges
            let notes = connection.notes.count
            do {
                try runAlone(operation)
            } catch {
                guard connection.isInTransaction else { throw error }
                guard connection.totalChanges == changes else {
                    try beginAgain(first)
                    return nil
                }
                operation.failure = error
                connection.notes.removeSubrange(notes...)
                failures += 1
            }
        }
        return failures
    }

    private func beginAgain(_ first: AnyWriteOperation) throws {
        _ = connection.takeNotes()
        var next: AnyWriteOperation? = first
        while let operation = next {
            operation.failure = nil
            next = operation.next
        }
        try connection.rollBack()
        try connection.run("BEGIN IMMEDIATE")
    }

    /// Runs the operations one after the other; how many failed.
    private func runInSavepoints(_ first: AnyWriteOperation) throws -> Int {
        var failures = 0
        var next: AnyWriteOperation? = first
        while let operation = next {
            next = operation.next
            try runInSavepoint(operation)
            failures += operation.failure == nil ? 0 : 1
        }
        return failures
    }

    private func runInSavepoint(_ operation: AnyWriteOperation) throws {
        try connection.run("SAVEPOINT crane_write")
        let notes = connection.notes.count
        do {
            try runAlone(operation)
        } catch {
            // Some errors (full disk, I/O, RAISE(ROLLBACK)) end the transaction with all that was in it.
            guard connection.isInTransaction else {
                throw error
            }
            operation.failure = error
            connection.notes.removeSubrange(notes...)
            try connection.rollBackToSavepoint()
        }
        try connection.run("RELEASE crane_write")
    }

    private func runAlone(_ operation: AnyWriteOperation) throws {
        defer { connection.finishBody() }
        try operation.run(connection)
        guard connection.isInTransaction else {
            throw DatabaseError(.other, message: "a write ended the transaction that it ran in")
        }
        // Left to the commit, a deferred constraint would fail the whole batch.
        if connection.hasUnresolvedForeignKeys {
            throw DatabaseError(code: SQLITE_CONSTRAINT | (3 << 8), message: "FOREIGN KEY constraint failed")
        }
    }

    /// Ends a transaction that went wrong, so that the next batch finds none.
    private func abandonTransaction() {
        // The error that led here is the one to report.
        try? connection.rollBack()
    }
}
