import Synchronization

/// How much all WebSockets of the process may hold together of messages that are long and that no handler has taken.
///
/// Each message has its route's bound; this is the one on their sum. Any thread.
final class MessageBudget: Sendable {
    /// That of the process: a quarter of the memory that the service's unit allows.
    static let shared = MessageBudget(bound: 256 << 20)

    /// What a connection may hold without being counted, in bytes.
    static let free = 64 << 10

    private let bound: Int
    private let held = Atomic<Int>(0)

    init(bound: Int) {
        self.bound = bound
    }

    /// Counts a connection that held `counted` bytes and now holds `count`; false when that is too much.
    func count(_ count: Int, insteadOf counted: inout Int) -> Bool {
        let charge = count > MessageBudget.free ? count : 0
        guard charge != counted else { return true }
        let total = held.add(charge - counted, ordering: .relaxed).newValue
        defer { counted = charge }
        return charge <= counted || total <= bound
    }
}
