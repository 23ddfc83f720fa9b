import CraneHTTP
import CraneLoop

// What the loop offers handlers.
extension ServerLoop: LoopServices {
    var index: Int { events.index }

    func sleep(for duration: Duration) async throws {
        try await events.sleep(for: duration)
    }

    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await events.blocking(work)
        } catch is WorkerPoolFull {
            throw WorkersBusy()
        }
    }

    func untilDraining() async throws { try await draining.wait() }

    func spawn(_ work: @escaping @Sendable () async -> Void) {
        guard events.isCurrent else {
            events.execute { self.spawn(work) }
            return
        }
        beginWork()
        events.startTask { [self] in
            await work()
            // Work that left the loop comes back here to be counted.
            if events.isCurrent { endWork() } else { events.execute { self.endWork() } }
        }
    }
}
