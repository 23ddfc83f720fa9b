import Synchronization

/// How long the write-ahead log is, and when to move it into the file.
///
/// Changed by whoever holds the writer's lock; read by the writer thread and, for the counters, by any.
final class WALGauge: Sendable {
    private let frameBytes: Int
    /// The frames at which a checkpoint falls due.
    private let bound: Int
    private let frames = Atomic<Int>(0)
    private let due: Atomic<Int>
    private let dirty = Atomic<Bool>(false)

    init(pageBytes: Int, bound bytes: Int) {
        frameBytes = pageBytes + 24  // a frame's header (https://sqlite.org/fileformat2.html#walformat)
        bound = max(bytes / frameBytes, 16)
        due = Atomic(bound)
    }

    /// The log's length in bytes, the part that a checkpoint has moved included.
    var bytes: Int { frames.load(ordering: .relaxed) * frameBytes }

    /// There are commits that no checkpoint has moved.
    var isDirty: Bool { dirty.load(ordering: .relaxed) }

    var isCheckpointDue: Bool {
        frames.load(ordering: .relaxed) >= due.load(ordering: .relaxed)
    }

    /// Readers have kept the log from beginning anew for too long.
    var isOverlong: Bool {
        frames.load(ordering: .relaxed) > bound * 3
    }

    /// A commit has left the log this long.
    func noteCommit(frames count: Int) {
        // Shorter than before: the log has begun anew.
        if count < frames.exchange(count, ordering: .relaxed) {
            due.store(bound, ordering: .relaxed)
        }
        dirty.store(true, ordering: .relaxed)
    }

    /// A checkpoint has been tried. Should a reader keep the log from beginning anew, the next attempt waits
    /// until the log has grown by another quarter.
    func noteCheckpoint(isComplete: Bool) {
        let next = max(bound, frames.load(ordering: .relaxed) + bound / 4)
        due.store(next, ordering: .relaxed)
        if isComplete {
            dirty.store(false, ordering: .relaxed)
        }
    }
}
