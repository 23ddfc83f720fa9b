import Crane
import CraneHTTP
import CraneTesting
import Synchronization

/// A loop that counts what is given to worker threads.
final class BlockingCalls: LoopServices {
    private let loop = InProcessLoop()
    private let calls = Mutex(0)

    var count: Int { calls.withLock { $0 } }
    var index: Int { loop.index }

    func sleep(for duration: Duration) async throws { try await loop.sleep(for: duration) }

    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        calls.withLock { $0 += 1 }
        return try await loop.blocking(work)
    }

    func spawn(_ work: @escaping @Sendable () async -> Void) { loop.spawn(work) }

    var isDraining: Bool { loop.isDraining }
    func untilDraining() async throws { try await loop.untilDraining() }
}
