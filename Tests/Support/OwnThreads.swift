import Glibc
import Synchronization
package import Testing

/// Runs the tests of a suite on threads of their own: for those that wait for programs and sockets in calls that block.
///
/// Swift's own threads are as few as processors: a test that held one while it waits would keep others from going on.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    /// Whether the caller is on such a thread.
    package static var isCurrent: Bool { ThreadForEachStep.threads.withLock { $0.contains(pthread_self()) } }

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadForEachStep.executor) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    /// The tests wait in calls that block.
    package static var ownThreads: Self { OwnThreads() }
}

/// Gives each step of a task, from one wait to the next, a thread.
private final class ThreadForEachStep: TaskExecutor {
    static let executor = ThreadForEachStep()
    static let threads = Mutex<Set<pthread_t>>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        startThread {
            _ = Self.threads.withLock { $0.insert(pthread_self()) }
            unsafe job.runSynchronously(on: Self.executor.asUnownedTaskExecutor())
            _ = Self.threads.withLock { $0.remove(pthread_self()) }
        }
    }
}
