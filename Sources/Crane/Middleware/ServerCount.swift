import Synchronization

/// How many servers share the quotas of their clients, each of which gives out an equal part.
public final class ServerCount: Sendable {
    private let present: Atomic<Int>

    /// One server, which gives out all of a quota.
    public init() { present = Atomic(1) }

    /// The servers that serve the same clients now, 1 at least; any thread.
    public var value: Int {
        get { present.load(ordering: .relaxed) }
        set { present.store(max(1, newValue), ordering: .relaxed) }
    }
}
