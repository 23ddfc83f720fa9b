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

    /// - Parameter key: what the jobs are told apart by; one limit for the whole task without it.
    public init(_ count: Int, key: @escaping @Sendable (Input) -> String = { _ in "" }) {
        self.count = count
        self.key = key
    }
}

/// How long a job waits after a failed attempt: twice as long each time, with chance in it, so that jobs which failed together do
/// not come back together.
public struct JobBackOff: Hashable, Sendable {
    let first: Duration
    let maximum: Duration
    let jitter: Double

    /// - Parameters:
    ///   - first: the wait after the first failure.
    ///   - maximum: the longest wait.
    ///   - jitter: by which part of the wait it may be shorter or longer, from 0 to 1.
    public init(
        first: Duration = .seconds(2), maximum: Duration = .seconds(3600), jitter: Double = 0.25
    ) {
        self.first = first
        self.maximum = maximum
        self.jitter = jitter
    }

    var mistake: String? {
        first <= .zero || maximum < first || !(0...1).contains(jitter) ? "its back-off means no wait" : nil
    }

    /// The wait after so many attempts.
    func wait(after attempt: Int) -> Duration {
        // 2^30 times the shortest wait is beyond every maximum that makes sense.
        let wait = min(first * (1 << min(attempt - 1, 30)), maximum)
        return jitter == 0 ? wait : wait * Double.random(in: 1 - jitter...1 + jitter)
    }
}
