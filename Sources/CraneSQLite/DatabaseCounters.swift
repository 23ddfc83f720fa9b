/// What the writer has done since the database was opened.
public struct DatabaseCounters: Sendable, Hashable {
    /// Batches of writes committed, one transaction each.
    public var batches: UInt64
    /// Writes committed.
    public var writes: UInt64
    /// Writes that failed, alone or with their batch.
    public var failures: UInt64
    /// Writes committed by the largest batch.
    public var largestBatch: UInt64
    /// Time spent in COMMIT, in nanoseconds: the disk's part.
    public var commitNanoseconds: UInt64
    /// Checkpoints that moved the whole WAL into the file.
    public var checkpoints: UInt64
    /// Writes that wait now.
    public var queueLength: Int
    /// The WAL's length in bytes, the part that a checkpoint has moved included.
    public var walBytes: Int
}
