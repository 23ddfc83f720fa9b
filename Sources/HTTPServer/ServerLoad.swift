import Synchronization

/// What all loops of a server share.
final class ServerLoad: Sendable {
    /// Open connections over all loops.
    let connections = Atomic<Int>(0)
}
