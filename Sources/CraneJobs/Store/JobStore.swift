public import CraneHTTP
public import CraneSchema

/// Where jobs are kept: a table that one process works on, or many.
///
/// Every method is one transaction. Times are the caller's, `now` among them; a store that several machines share may take its own
/// clock in the place of `now`. A job is an attempt's as long as the row says so: whatever ends it is fenced by worker and attempt.
///
/// A store also lets its own transactions enqueue a ``NewJob`` and end a ``RunningJob``, in its own terms: see
/// `Connection.enqueue(_:)`.
public protocol JobStore: Sendable {
    /// Whether other processes may work on the same jobs: then workers are looked after, and the store is polled.
    var isShared: Bool { get }

    /// Has what is committed told to `body`, on any thread, before whoever wrote it hears that it is there.
    ///
    /// What other processes commit may be told late, or not at all.
    func observe(_ body: @escaping @Sendable ([JobEvent]) -> Void)

    /// Writes jobs and returns their ids; for one whose key is taken that of the job which has it.
    func enqueue(_ jobs: [NewJob]) async throws -> [Int]

    /// Enters a worker under an id that no other has had. In a store that is not shared all others are gone, and what they ran
    /// goes back.
    func begin(_ worker: UniqueID, node: String, at now: Timestamp) async throws
    /// Notes that the worker lives; false when it was taken for dead: then nothing that it runs is its own any more.
    func beat(_ worker: UniqueID, at now: Timestamp) async throws -> JobHeartbeat
    /// The worker is gone; what it runs goes back, without this attempt.
    func end(_ worker: UniqueID, at now: Timestamp) async throws
    /// Gives back what workers ran that have given no sign of life since `oldest`, or have no row; how many jobs.
    func rescue(silentSince oldest: Timestamp, at now: Timestamp) async throws -> Int

    /// Gives the worker jobs that are due, those of the highest priority first, then the earliest.
    func claim(_ claims: [JobClaim], for worker: UniqueID, at now: Timestamp) async throws -> [JobClaimResult]
    /// Ends attempts of the worker's, each only if it still is; says which were.
    func finish(_ ends: [JobResult], of worker: UniqueID, at now: Timestamp) async throws -> [Bool]
    /// Notes how far attempts of the worker's have come.
    func progress(_ progress: [JobProgress], of worker: UniqueID) async throws

    /// Enters schedules, each with the time at which it is due first; one that is there already keeps its own, unless its times are
    /// others by now. Returns them as they are kept.
    func settle(_ schedules: [JobSchedule]) async throws -> [JobSchedule]
    /// Moves a schedule that is due from one time to the next, and enqueues its job with it; returns when it is due next.
    ///
    /// One that another process has moved before stays as it is. `nil` for one that is due no more.
    func advance(
        _ schedule: String, from: Timestamp, to next: Timestamp?, _ job: NewJob
    ) async throws -> Timestamp?

    /// Has a job that has ended tried once more at least; false when there is none.
    ///
    /// - Throws: `JobError.conflict` for one that has not, or whose key another job has by now.
    func retry(_ id: Int, at now: Timestamp) async throws -> Bool
    /// Ends a job that waits, and has one that runs cancelled; false when there is none.
    ///
    /// - Throws: `JobError.conflict` for one that has ended.
    func cancel(_ id: Int, at now: Timestamp) async throws -> Bool
    /// Stops the claiming of a queue's jobs in all processes, or of all for `nil`; or resumes it, for `nil` of each that is stopped.
    func setPaused(_ isPaused: Bool, _ queue: String?) async throws
    /// Removes some of what has ended long enough ago; how many rows, 0 when there are no more.
    func prune(_ retention: JobRetention, at now: Timestamp) async throws -> Int

    func job(_ id: Int) async throws -> Job?
    /// Jobs for an operator, the newest first; what takes long is done off the loop, and given up in the end.
    func jobs(_ query: JobQuery, on loop: any LoopServices) async throws -> [Job]
    /// How the jobs stand.
    func summary(at now: Timestamp, on loop: any LoopServices) async throws -> JobSummary
}

/// What a transaction has done with jobs.
public enum JobEvent: Sendable {
    /// Something waits in a queue, and is due then.
    case waiting(queue: String, at: Timestamp)
    /// A queue is claimed from again, or all for `nil`.
    case resumed(String?)
    /// A job that runs is to be cancelled.
    case cancelled(Int)
    /// An attempt has ended in a transaction of its own.
    case completed(RunningJob)
}

/// What a worker wants of a queue.
public struct JobClaim: Hashable, Sendable {
    public var queue: String
    /// How many jobs at most.
    public var count: Int
    /// How many of the queue's jobs may run in all processes.
    public var limit: Int?
    /// How many of them may begin in a time, in all processes.
    public var rate: JobRate?
    /// Behind which limit key to look for those that have one; `nil` for all.
    public var after: String?

    public init(
        queue: String, count: Int, limit: Int? = nil, rate: JobRate? = nil, after: String? = nil
    ) {
        self.queue = queue
        self.count = count
        self.limit = limit
        self.rate = rate
        self.after = after
    }
}

/// What a worker gets of a queue.
public struct JobClaimResult: Hashable, Sendable {
    public var jobs: [ClaimedJob] = []
    /// When the next job that waits is due, as far as was looked, or when the queue's rate lets one begin.
    public var next: Timestamp?
    /// Jobs that are due may not run before others have ended.
    public var isBlocked = false
    /// The limit key to go on behind, as not all were looked at, or the claim's own where none was; `nil` when all were.
    public var after: String?

    public init() {}
}

/// A job that a worker has been given.
public struct ClaimedJob: Hashable, Sendable {
    public let id: Int
    public let task: String
    public let queue: String
    public let priority: Int
    public let attempt: Int
    public let attempts: Int
    /// JSON.
    public let input: [UInt8]
    public let runAt: Timestamp
    public let createdAt: Timestamp

    package init(
        id: Int, task: String, queue: String, priority: Int, attempt: Int, attempts: Int, input: [UInt8],
        runAt: Timestamp, createdAt: Timestamp
    ) {
        self.id = id
        self.task = task
        self.queue = queue
        self.priority = priority
        self.attempt = attempt
        self.attempts = attempts
        self.input = input
        self.runAt = runAt
        self.createdAt = createdAt
    }
}

/// How an attempt has ended.
public struct JobResult: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case done
        /// It failed; the job is due again then, or dead.
        case failed(String, again: Timestamp?)
        case cancelled(String)
        /// It was ended for no fault of the job's: it waits again, with this attempt given back.
        case released
    }

    public let id: Int
    public let attempt: Int
    public let outcome: Outcome

    public init(id: Int, attempt: Int, _ outcome: Outcome) {
        self.id = id
        self.attempt = attempt
        self.outcome = outcome
    }
}

/// How far an attempt has come, from 0 to 1.
public struct JobProgress: Hashable, Sendable {
    public let id: Int
    public let attempt: Int
    public let part: Double

    public init(id: Int, attempt: Int, _ part: Double) {
        self.id = id
        self.attempt = attempt
        self.part = part
    }
}

/// What a worker hears that has said it lives.
public struct JobHeartbeat: Hashable, Sendable {
    /// Whether it still counts as a worker.
    public let isAlive: Bool
    /// Which of the jobs that it runs are to be cancelled.
    public let cancelled: [Int]

    public init(isAlive: Bool, cancelled: [Int]) {
        self.isAlive = isAlive
        self.cancelled = cancelled
    }
}

/// How long jobs are kept that have ended, and how many.
public struct JobRetention: Hashable, Sendable {
    /// Done and cancelled ones.
    public var done = Duration.seconds(86_400)
    public var dead = Duration.seconds(30 * 86_400)
    /// How many of each state at most.
    public var count = 100_000

    public init() {}
}
