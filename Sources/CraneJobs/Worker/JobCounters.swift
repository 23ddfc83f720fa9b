import Synchronization

/// What this process has done with jobs since its start.
public struct JobCounters: Hashable, Sendable {
    /// Attempts begun.
    public var started = 0
    public var done = 0
    /// Attempts that failed, those of jobs that are dead now included.
    public var failed = 0
    public var dead = 0
    public var cancelled = 0
    /// Attempts that run now.
    public var running = 0
    /// Time that attempts have taken.
    public var microseconds = 0
}

final class AtomicJobCounters: Sendable {
    private let counters = Mutex(JobCounters())

    var value: JobCounters { counters.withLock { $0 } }

    func change(_ change: (inout JobCounters) -> Void) { counters.withLock { change(&$0) } }
}
