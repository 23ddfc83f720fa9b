import CraneSystem

/// The worker pool has as much waiting as it may.
public struct WorkerPoolFull: Error {}

extension EventLoop {
    /// Starts the process's first worker thread, unless it runs: what it throws would otherwise be found out at the first work.
    package func startWorkers() throws(SystemError) {
        try WorkerPool.shared.prepare()
    }

    /// The blocking work of the whole process that runs on worker threads, and that waits for one; any thread.
    package static var blockingWorkCounts: (running: Int, waiting: Int) { WorkerPool.shared.counts }

    /// Runs blocking `work` on a worker thread and resumes on the task's own executor.
    ///
    /// Throws `WorkerPoolFull` when 1,024 pieces of work run or wait already, and what `work` throws. Throws
    /// `CancellationError` when the task is cancelled while the work waits for a thread, and when the loop ends: work that
    /// has begun runs on, and nobody waits for it.
    public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await blocking(bound: 1024, work)
    }

    package func blocking<Value: Sendable>(
        bound: Int, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let call = BlockingCall(work, on: self, bound: bound)
        return try await withTaskCancellationHandler {
            try await unsafe withUnsafeThrowingContinuation { continuation in
                unsafe call.continuation = continuation
                if isCurrent { return call.begin() }
                if !execute({ call.begin() }) {
                    unsafe continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            execute { call.cancel() }
        }
    }
}

/// A piece of work for which a task waits. All but `run` happens on the loop's thread.
@safe
private final class BlockingCall<Value: Sendable>: BlockingWork, @unchecked Sendable {
    private let loop: EventLoop
    private let bound: Int
    private let work: @Sendable () throws -> Value
    var continuation: UnsafeContinuation<Value, any Error>?
    /// A cancellation can reach the loop before the beginning does.
    private var isCancelled = false

    init(_ work: @escaping @Sendable () throws -> Value, on loop: EventLoop, bound: Int) {
        self.work = work
        self.loop = loop
        self.bound = bound
    }

    func begin() {
        if isCancelled || loop.isClosing { return complete(.failure(CancellationError())) }
        guard WorkerPool.shared.append(self, bound: bound) else {
            return complete(.failure(WorkerPoolFull()))
        }
        loop.blockingWork[ObjectIdentifier(self)] = self
    }

    func cancel() {
        isCancelled = true
        if WorkerPool.shared.remove(self) { complete(.failure(CancellationError())) }
    }

    override func run() {
        let result = Result { try work() }
        // A loop that has ended has given this up.
        loop.execute { self.complete(result) }
    }

    override func giveUp() {
        _ = WorkerPool.shared.remove(self)
        complete(.failure(CancellationError()))
    }

    private func complete(_ result: Result<Value, any Error>) {
        loop.blockingWork[ObjectIdentifier(self)] = nil
        let continuation = unsafe continuation
        unsafe self.continuation = nil
        unsafe continuation?.resume(with: result)
    }
}
