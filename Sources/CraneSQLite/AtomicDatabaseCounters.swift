import Synchronization

/// The counters as the writer thread keeps them.
final class AtomicDatabaseCounters: Sendable {
    private let batches = Atomic<UInt64>(0)
    private let writes = Atomic<UInt64>(0)
    private let failures = Atomic<UInt64>(0)
    private let largestBatch = Atomic<UInt64>(0)
    private let commitNanoseconds = Atomic<UInt64>(0)
    private let checkpoints = Atomic<UInt64>(0)

    /// A batch has been answered.
    func count(batch: Int, failures failed: Int) {
        writes.wrappingAdd(UInt64(batch - failed), ordering: .relaxed)
        failures.wrappingAdd(UInt64(failed), ordering: .relaxed)
    }

    /// A transaction with so many writes has been committed.
    func countCommit(of writes: Int, _ duration: Duration) {
        largestBatch.max(UInt64(writes), ordering: .relaxed)
        batches.wrappingAdd(1, ordering: .relaxed)
        let (seconds, attoseconds) = duration.components
        commitNanoseconds.wrappingAdd(
            UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000), ordering: .relaxed)
    }

    /// The whole WAL has been moved into the file.
    func countCheckpoint() {
        checkpoints.wrappingAdd(1, ordering: .relaxed)
    }

    func snapshot(queueLength: Int, walBytes: Int) -> DatabaseCounters {
        DatabaseCounters(
            batches: batches.load(ordering: .relaxed), writes: writes.load(ordering: .relaxed),
            failures: failures.load(ordering: .relaxed), largestBatch: largestBatch.load(ordering: .relaxed),
            commitNanoseconds: commitNanoseconds.load(ordering: .relaxed),
            checkpoints: checkpoints.load(ordering: .relaxed), queueLength: queueLength, walBytes: walBytes)
    }
}
