import Synchronization

/// Tells work on a worker thread that nobody waits for it any more: its client has gone, or the service ends.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package func happen() { flag.store(true, ordering: .relaxed) }

    /// Whether it has happened; costs a load.
    public var hasHappened: Bool { flag.load(ordering: .relaxed) }
}
