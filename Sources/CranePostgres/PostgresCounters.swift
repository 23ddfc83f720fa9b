import Synchronization

/// What a client has done since it was made, for metrics.
public struct PostgresCounters: Sendable, Hashable {
    /// Open connections, those of listeners among them.
    public let connections: Int
    /// Connections that ended by themselves.
    public let lostConnections: Int
    /// Reads that were asked again because their connection had ended.
    public let retries: Int
    /// Statements refused because too many waited.
    public let overloads: Int
}

/// The same while it is counted; any thread.
final class AtomicPostgresCounters: Sendable {
    private let connections = Atomic<Int>(0)
    private let losses = Atomic<Int>(0)
    private let retries = Atomic<Int>(0)
    private let overloads = Atomic<Int>(0)

    func opened() { connections.wrappingAdd(1, ordering: .relaxed) }

    func lost() {
        connections.wrappingSubtract(1, ordering: .relaxed)
        losses.wrappingAdd(1, ordering: .relaxed)
    }

    func closed() { connections.wrappingSubtract(1, ordering: .relaxed) }
    func retried() { retries.wrappingAdd(1, ordering: .relaxed) }
    func overloaded() { overloads.wrappingAdd(1, ordering: .relaxed) }

    var value: PostgresCounters {
        PostgresCounters(
            connections: connections.load(ordering: .relaxed),
            lostConnections: losses.load(ordering: .relaxed),
            retries: retries.load(ordering: .relaxed), overloads: overloads.load(ordering: .relaxed))
    }
}
