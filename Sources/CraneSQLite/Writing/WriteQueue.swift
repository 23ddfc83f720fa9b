import CraneSystem

/// The operations that wait for the writer thread, bounded, in the order they came.
final class WriteQueue: TurnEndWork, @unchecked Sendable {
    /// Why the writer woke up.
    enum Wake {
        /// The first of the operations, linked by `next`.
        case operations(AnyWriteOperation)
        /// Nothing came in the time given.
        case idle
        /// The queue is closed and empty.
        case closed
    }

    private let bound: Int
    private let lock = Lock()
    // Guarded by the lock.
    private var first: AnyWriteOperation?
    private var last: AnyWriteOperation?
    private var count = 0
    private var isAsleep = false
    private var isClosed = false

    init(bound: Int) {
        self.bound = bound
    }

    var length: Int {
        lock.lock()
        defer { lock.unlock() }
        return count
    }

    /// Appends the operation and has the writer woken if it sleeps; nil when it was taken, else why not.
    ///
    /// A loop wakes it when it has run what is ready in its turn: what that writes is committed together.
    func append(_ operation: AnyWriteOperation) -> DatabaseError? {
        lock.lock()
        if isClosed || count >= bound {
            defer { lock.unlock() }
            return isClosed
                ? DatabaseError(.closed, message: "the database is closed")
                : DatabaseError(.overloaded, message: "\(count) writes are waiting already")
        }
        count += 1
        if let last {
            last.next = operation
        } else {
            first = operation
        }
        last = operation
        let wake = isAsleep
        isAsleep = false
        lock.unlock()
        // A signal costs a system call, so only the first of a burst gives one.
        if wake, !CurrentLoop.atTurnEnd(self) {
            lock.signal()
        }
        return nil
    }

    func turnEnds() { lock.signal() }

    /// Takes all that waits, sleeping until there is something.
    ///
    /// - Parameter milliseconds: how long to sleep at most; without end when nil.
    func take(within milliseconds: Int?) -> Wake {
        lock.lock()
        defer { lock.unlock() }
        while true {
            if let operations = first {
                first = nil
                last = nil
                count = 0
                return .operations(operations)
            }
            if isClosed {
                return .closed
            }
            isAsleep = true
            if let milliseconds {
                let woken = lock.wait(milliseconds: milliseconds)
                isAsleep = false
                if !woken, first == nil, !isClosed {
                    return .idle
                }
            } else {
                lock.wait()
                isAsleep = false
            }
        }
    }

    /// Refuses all that comes from now on; what waits is still taken.
    func close() {
        lock.lock()
        defer { lock.unlock() }
        isClosed = true
        lock.signal()
    }
}
