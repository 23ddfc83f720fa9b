import CLibUV
import CraneSystem
import Synchronization

/// libuv's worker threads, with a bound on the work that waits for them; one pool a process.
enum WorkerPool {
    /// Work that runs or waits, over all loops.
    static let pending = Atomic<Int>(0)
    /// What may run and wait at most.
    static let bound = 1024
    /// Threads, unless `UV_THREADPOOL_SIZE` says otherwise: blocking work mostly waits.
    static let threads = 32

    /// Sets the number of threads; libuv reads it when the first work comes.
    static func configure() {
        _ = once
    }

    private static let once: Void = {
        _ = unsafe setenv("UV_THREADPOOL_SIZE", String(threads), 0)
    }()
}

/// The worker pool has as much waiting as it may.
public struct WorkerPoolFull: Error {}

extension EventLoop {
    /// Starts the process's worker threads, unless they run; before `run` or on the loop's thread.
    ///
    /// libuv starts them at the first work and ends the process when it cannot (uv_queue_work).
    public func startWorkers() {
        BlockingWork().start(on: self)
    }

    /// Runs blocking `work` on a worker thread and resumes on the task's own executor.
    ///
    /// Throws `WorkerPoolFull` when 1,024 pieces of work run or wait already, and what `work` throws. Work that has begun
    /// is not stopped by cancellation.
    public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await blocking(bound: WorkerPool.bound, work)
    }

    package func blocking<Value: Sendable>(
        bound: Int, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        guard WorkerPool.pending.add(1, ordering: .relaxed).newValue <= bound else {
            WorkerPool.pending.subtract(1, ordering: .relaxed)
            throw WorkerPoolFull()
        }
        defer { WorkerPool.pending.subtract(1, ordering: .relaxed) }
        let call = BlockingCall(work)
        return try await unsafe withUnsafeThrowingContinuation { continuation in
            unsafe call.continuation = continuation
            if isCurrent { return call.start(on: self) }
            if !execute({ call.start(on: self) }) {
                unsafe continuation.resume(throwing: CancellationError())
            }
        }
    }
}

/// One piece of blocking work: begun on the loop, run on a worker, ended on the loop.
@safe
private class BlockingWork: @unchecked Sendable {
    /// Runs on a worker thread.
    func run() {}
    /// Runs on the loop's thread after `run`.
    func finish() {}

    func start(on loop: EventLoop) {
        // Freed in the after-work callback, which libuv makes exactly once.
        let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe uv_queue_work(
            loop.handle, request,
            { request in
                guard let data = unsafe request?.pointee.data else { return }
                unsafe Unmanaged<BlockingWork>.fromOpaque(data).takeUnretainedValue().run()
            },
            { request, _ in
                guard let request = unsafe request, let data = unsafe request.pointee.data else { return }
                let loop = unsafe EventLoop.of(request.pointee.loop)
                let work = unsafe Unmanaged<BlockingWork>.fromOpaque(data).takeRetainedValue()
                unsafe request.deallocate()
                loop?.turn { work.finish() }
            })
    }
}

@safe
private final class BlockingCall<Value: Sendable>: BlockingWork, @unchecked Sendable {
    private let work: @Sendable () throws -> Value
    private var result: Result<Value, any Error>?
    var continuation: UnsafeContinuation<Value, any Error>?

    init(_ work: @escaping @Sendable () throws -> Value) {
        self.work = work
    }

    override func run() {
        result = Result { try work() }
    }

    override func finish() {
        // libuv's own lock stands between the worker that wrote the result and the loop that reads it.
        guard let result else { return }
        unsafe continuation?.resume(with: result)
    }
}
