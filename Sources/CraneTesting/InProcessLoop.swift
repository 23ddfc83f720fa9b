public import CraneHTTP
import CraneSystem
import Synchronization

/// The services of a loop without one, on Swift's own threads: for tests that need no socket.
public final class InProcessLoop: LoopServices {
    public let index: Int
    private let spawned = Mutex<[Task<Void, Never>]>([])
    private let draining = OneTimeEvent()

    public init(index: Int = 0) {
        self.index = index
    }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }

    public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        // Swift's own threads are as few as processors, and each must go on.
        try await withCheckedThrowingContinuation { continuation in
            do {
                try SystemThread("blocking") { continuation.resume(with: Result { try work() }) }.detach()
            } catch {
                continuation.resume(throwing: WorkersBusy())
            }
        }
    }

    public func spawn(_ work: @escaping @Sendable () async -> Void) {
        spawned.withLock { $0.append(Task { await work() }) }
    }

    public var isDraining: Bool { draining.hasHappened }

    public func untilDraining() async throws { try await draining.wait() }

    /// Tells its handlers what a server tells them when its graceful shutdown begins.
    public func beginDraining() { draining.happen() }

    /// Waits for all spawned work, and for what that work spawns.
    public func finish() async {
        while let task = spawned.withLock({ $0.popLast() }) { await task.value }
    }
}
