public import CraneSchema

/// A job that is to be enqueued: what `JobTask.job` makes, and a store writes.
public struct NewJob: Hashable, Sendable {
    /// Bytes of an input's JSON, and of a key, at most.
    static let longestInput = 256 << 10
    static let longestKey = 512

    public let task: String
    public let queue: String
    /// From 0 to 9; 9 goes first.
    public let priority: Int
    /// How often it is tried.
    public let attempts: Int
    /// When it is due.
    public var runAt: Timestamp
    /// JSON.
    public let input: [UInt8]
    /// Of the jobs of a task with one key only one waits or runs.
    public let uniqueKey: String?
    /// Of the jobs of a queue with one key at most `limit` run at once; empty for none.
    public let limitKey: String
    public let limit: Int?
    public let createdAt: Timestamp
}

/// How many jobs run at once in all processes, of a task or of each key: `JobLimit(2) { $0.account }`.
///
/// Keys take turns, so that one with many jobs does not keep the others waiting; priorities count among the jobs of one key.
public struct JobLimit<Input: Sendable>: Sendable {
    let count: Int
    let key: @Sendable (Input) -> String

    /// So many at once, of the task or of each key.
    ///
    /// - Parameters:
    ///   - count: how many jobs run at once, in all processes; 1 at least.
    ///   - key: what the jobs are told apart by; one limit for the whole task without it.
    public init(_ count: Int, key: @escaping @Sendable (Input) -> String = { _ in "" }) {
        self.count = count
        self.key = key
    }
}
