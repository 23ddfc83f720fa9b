public import CraneHTTP
import CraneSchema
import Synchronization

// What an operator asks and does; any thread.
extension Jobs {
    /// The job of this id; `nil` when there is none, or none any more.
    public func job(_ id: Int) async throws -> Job? { try await store.job(id) }

    /// Jobs, the newest first; what takes long is done on a worker thread of the loop's, for two seconds at most.
    public func jobs(_ query: JobQuery, on loop: any LoopServices) async throws -> [Job] {
        try await store.jobs(query, on: loop)
    }

    /// How the jobs stand.
    public func summary(on loop: any LoopServices) async throws -> JobSummary {
        try await store.summary(at: clock.now, on: loop)
    }

    /// Has a job that has ended tried once more at least; false when there is none of this id.
    ///
    /// - Throws: `JobError.conflict` for one that has not ended, or whose key another job has by now.
    public func retry(_ id: Int) async throws -> Bool { try await store.retry(id, at: clock.now) }

    /// Ends a job that waits, and cancels the task of one that runs; false when there is none of this id.
    ///
    /// - Throws: `JobError.conflict` for one that has ended.
    public func cancel(_ id: Int) async throws -> Bool { try await store.cancel(id, at: clock.now) }

    /// Lets no further job begin, of a queue or of all, in any process, until it is resumed; a restart does not change that.
    public func pause(_ queue: String? = nil) async throws { try await store.setPaused(true, queue) }

    /// Lets jobs begin again, those of a queue or of all that are paused.
    public func resume(_ queue: String? = nil) async throws { try await store.setPaused(false, queue) }

    /// The queues of the tasks that are declared.
    public var queueNames: [String] { state.withLock { $0.queues.keys.sorted() } }
}
