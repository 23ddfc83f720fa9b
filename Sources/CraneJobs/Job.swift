public import CraneSchema

/// A job as it is kept.
public struct Job: Hashable, Sendable {
    /// Where a job stands.
    public enum State: String, Sendable, CaseIterable, SchemaRepresentable {
        /// It is due now or later.
        case waiting
        case running
        case done
        /// Its attempts are used up, or its handler gave up.
        case dead
        case cancelled

        public static let schema = Choice<State>(name: "JobState", description: "Where a job stands")

        /// Whether it is over.
        public var hasEnded: Bool { self != .waiting && self != .running }
    }

    /// An attempt that failed.
    public struct Attempt: Hashable, Sendable {
        public let attempt: Int
        public let startedAt: Timestamp?
        public let failedAt: Timestamp
        public let error: String
    }

    public let id: Int
    public let task: String
    public let queue: String
    public let priority: Int
    public let state: State
    /// When it is, or was, due.
    public let runAt: Timestamp
    /// How often it has been tried.
    public let attempt: Int
    public let attempts: Int
    public let input: JSONValue
    public let uniqueKey: String?
    public let limitKey: String
    public let limit: Int?
    /// The worker that has run it last.
    public let worker: String?
    /// Whether it is to end at the next opportunity.
    public let isCancelled: Bool
    /// From 0 to 1, as its handler says.
    public let progress: Double?
    /// The attempts that failed, in their order.
    public let failures: [Attempt]
    public let createdAt: Timestamp
    public let startedAt: Timestamp?
    public let finishedAt: Timestamp?
}

extension Job.Attempt: SchemaRepresentable {
    public static let schema = Object(
        Job.Attempt.init, name: "JobAttempt", description: "An attempt that failed"
    ) {
        Field("attempt", \.attempt)
        Field("started_at", \.startedAt)
        Field("failed_at", \.failedAt)
        Field("error", \.error)
    }
}

extension Job: Record {
    public static let schema = Object(Job.init, name: "Job", description: "A job, and how it has gone") {
        Field("id", \.id)
        Field("task", \.task)
        Field("queue", \.queue)
        Field("priority", \.priority)
        Field("state", \.state)
        Field("run_at", \.runAt, description: "When it is due")
        Field("attempt", \.attempt, description: "How often it has been tried")
        Field("attempts", \.attempts, description: "How often it is tried at most")
        Field("input", \.input)
        Field("unique_key", \.uniqueKey)
        Field("limit_key", \.limitKey)
        Field("key_limit", \.limit)
        Field("worker", \.worker)
        Field("is_cancelled", \.isCancelled)
        Field("progress", \.progress, description: "From 0 to 1")
        Field("failures", \.failures)
        Field("created_at", \.createdAt)
        Field("started_at", \.startedAt)
        Field("finished_at", \.finishedAt)
    }

    public static let table = Table<Job>("job")
}
