public import CraneHTTP
import CraneSchema
public import Logging
import Synchronization

/// One attempt of a job, as its handler sees it.
///
/// Its task is cancelled when the job is, when its time-out passes, and when the process ends.
public final class RunningJob: Sendable {
    /// Why the handler is to end.
    enum Reason: Sendable {
        case cancelled, timedOut, stopped, lost
    }

    private struct State {
        var task: Task<Void, Never>?
        var reason: Reason?
        var progress: Double?
        var isCompleted = false
    }

    /// The same for all attempts of a job.
    public let id: Int
    /// The task's name.
    public let task: String
    public let queue: String
    /// From 1; each attempt has its own.
    public let attempt: Int
    /// How often it is tried at most.
    public let attempts: Int
    /// When it was enqueued.
    public let createdAt: Timestamp
    /// Whose attempt it is.
    public let worker: UniqueID
    /// The loop that jobs run on.
    public let loop: any LoopServices
    private let baseLogger: Logger
    private let progressed: @Sendable (RunningJob) -> Void
    private let state = Mutex(State())

    init(
        _ job: ClaimedJob, worker: UniqueID, loop: any LoopServices, logger: Logger,
        progressed: @escaping @Sendable (RunningJob) -> Void
    ) {
        id = job.id
        task = job.task
        queue = job.queue
        attempt = job.attempt
        attempts = job.attempts
        createdAt = job.createdAt
        self.worker = worker
        self.loop = loop
        baseLogger = logger
        self.progressed = progressed
    }

    /// The jobs' logger with the job's id and task; allocates at each call.
    public var logger: Logger {
        var logger = baseLogger
        logger[metadataKey: "job"] = "\(id)"
        logger[metadataKey: "task"] = "\(task)"
        return logger
    }

    /// Says how much is done, from 0 to 1; written within a second or so, the last of what was said.
    public func progress(_ part: Double) {
        let isNew = state.withLock { state in
            defer { state.progress = min(max(part, 0), 1) }
            return state.progress == nil
        }
        if isNew { progressed(self) }
    }

    /// Waits without holding the loop; throws `CancellationError` when the job is to end.
    public func sleep(for duration: Duration) async throws { try await loop.sleep(for: duration) }

    /// Runs blocking work on a worker thread, off the jobs' loop; throws `WorkersBusy` when too much waits.
    public func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await loop.blocking(work)
    }

    // MARK: What the worker knows of it

    /// Its end has been committed in a transaction of the handler's. Any thread.
    func wasCompleted() { state.withLock { $0.isCompleted = true } }

    var isCompleted: Bool { state.withLock { $0.isCompleted } }

    var reason: Reason? { state.withLock { $0.reason } }

    /// What was said since the last call.
    func takeProgress() -> Double? { state.withLock { $0.progress.take() } }

    func began(as task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            state.task = task
            return state.reason != nil
        }
        if isOver { task.cancel() }
    }

    /// Cancels the handler's task; the first reason stays.
    func end(because reason: Reason) {
        let task = state.withLock { state in
            state.reason = state.reason ?? reason
            return state.task
        }
        task?.cancel()
    }
}
