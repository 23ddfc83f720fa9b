import Synchronization

/// How much a server may hold for all its clients together: bodies being collected, input and output that wait, messages.
///
/// Each connection has bounds of its own; this is the one on their sum. Any thread.
package final class MemoryBudget: Sendable {
    /// What a holder is not counted for, in bytes: a page, of which all connections together may have one each.
    package static let free = 4 << 10

    private let bound: Int
    private let total = Atomic<Int>(0)

    package init(bound: Int) {
        self.bound = bound
    }

    /// What is held at this moment.
    package var held: Int { total.load(ordering: .relaxed) }

    /// Whether nothing more may be held.
    package var isFull: Bool { held >= bound }

    /// Counts a holder that was counted for `counted` bytes and now holds `count`; false when that is too much. It is counted all
    /// the same, and lets go of it.
    ///
    /// One alone is never too much: whether it is too large is for its own bound to say.
    package func count(_ count: Int, insteadOf counted: inout Int) -> Bool {
        let charge = count > MemoryBudget.free ? count : 0
        guard charge != counted else { return true }
        let now = total.add(charge - counted, ordering: .relaxed).newValue
        defer { counted = charge }
        return charge <= counted || now <= bound || now == charge
    }
}
