import Synchronization

/// What all loops of a server share: what is open and held, and what was refused before an application could see it.
package final class ServerLoad: Sendable {
    package let memory: MemoryBudget
    private let open = Atomic<Int>(0)
    private let counts = Mutex(Counts())
    private let running = Mutex<[any LoopServices & LoopTurns]>([])
    /// The blocking work that runs and that waits; any thread.
    package let workers: @Sendable () -> (running: Int, waiting: Int)

    private struct Counts {
        var refusals: [Int: Int] = [:]
        var failedAccepts = 0
        var byAddress: [IPAddress: Int] = [:]
    }

    /// - Parameters:
    ///   - memory: the bytes that may be held for all clients together.
    ///   - workers: the blocking work that runs and that waits.
    package init(
        memory: Int = .max, workers: @escaping @Sendable () -> (running: Int, waiting: Int) = { (0, 0) }
    ) {
        self.workers = workers
        self.memory = MemoryBudget(bound: memory)
    }

    /// Open connections over all loops; any thread.
    package var connections: Int { open.load(ordering: .relaxed) }

    /// The loops that run; any thread.
    package var loops: [any LoopServices & LoopTurns] { running.withLock { $0 } }

    /// A loop begins; it is to be taken out at its end.
    package func begin(_ loop: any LoopServices & LoopTurns) { running.withLock { $0.append(loop) } }
    package func end(_ loop: any LoopServices & LoopTurns) {
        running.withLock { $0.removeAll { $0 === loop } }
    }

    /// Counts a connection that is opened; returns how many there are with it.
    package func countOpened() -> Int { open.add(1, ordering: .relaxed).newValue }
    package func countClosed() { open.subtract(1, ordering: .relaxed) }

    /// How often the server itself has refused something, by the status of its response; any thread.
    package var refusals: [Int: Int] { counts.withLock { $0.refusals } }
    /// Connections that the system could not give; any thread.
    package var failedAccepts: Int { counts.withLock { $0.failedAccepts } }

    package func countRefusal(_ status: Int) { counts.withLock { $0.refusals[status, default: 0] += 1 } }
    package func countFailedAccept() { counts.withLock { $0.failedAccepts += 1 } }

    /// A connection of a client begins; returns how many that client has now, to be taken back by `leave`.
    package func enter(_ address: IPAddress) -> Int {
        counts.withLock { counts in
            counts.byAddress[address.subscriber, default: 0] += 1
            return counts.byAddress[address.subscriber, default: 0]
        }
    }

    package func leave(_ address: IPAddress) {
        counts.withLock { counts in
            let client = address.subscriber
            let left = counts.byAddress[client, default: 1] - 1
            counts.byAddress[client] = left > 0 ? left : nil
        }
    }
}
