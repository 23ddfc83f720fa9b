import CraneHTTP
import CraneLoop
import CraneSystem
import Synchronization

/// The loop that jobs run on, with a thread of its own, so that no request waits for a job that computes.
final class JobLoop: LoopServices {
    /// Other numbers than a server's loops have.
    private static let numbers = Atomic<Int>(1 << 20)

    let events: EventLoop
    private let draining = OneTimeEvent()
    private let ended = OneTimeEvent()
    private let thread: SystemThread

    /// Begins to run, without anything to do.
    init() throws {
        let number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
        let events = try EventLoop(index: number)
        self.events = events
        thread = try SystemThread("jobs", signals: false) { [ended] in
            events.run()
            ended.happen()
        }
    }

    /// Ends the loop; what is left waiting on it is told so.
    func stop() { events.stop() }

    func untilEnded() async { await ended.waitRegardless() }

    func join() { thread.end() }

    func beginDraining() { draining.happen() }

    // MARK: What it offers handlers

    var index: Int { events.index }

    func sleep(for duration: Duration) async throws { try await events.sleep(for: duration) }

    func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await events.blocking(work)
        } catch is WorkerPoolFull {
            throw WorkersBusy()
        }
    }

    func spawn(_ work: @escaping @Sendable () async -> Void) {
        events.execute { [events] in events.startTask { await work() } }
    }

    var isDraining: Bool { draining.hasHappened }

    func untilDraining() async throws { try await draining.wait() }
}
