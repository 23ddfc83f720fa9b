/// What the loop that runs a request offers its handler.
public protocol LoopServices: AnyObject, Sendable {
    /// Which of the server's loops this is, counted from 0: the key of anything kept once a loop.
    var index: Int { get }

    /// Waits without holding the loop; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws

    /// Runs blocking work on the bounded worker pool; throws `WorkersBusy` when its queue is full.
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value

    /// Starts work that outlives the request, on this loop; a graceful shutdown waits for it.
    func spawn(_ work: @escaping @Sendable () async -> Void)

    /// Whether the graceful shutdown has begun: what has no end of its own should end. Any thread; costs a load.
    var isDraining: Bool { get }

    /// Returns when the graceful shutdown begins, at once when it has; throws `CancellationError` when the task is cancelled.
    func untilDraining() async throws
}

/// The worker pool's queue is full: the service answers 503 and asks the client to come back.
public struct WorkersBusy: Error {
    public init() {}
}
