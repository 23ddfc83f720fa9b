import Synchronization

/// Waits until so many have passed, then calls back; any thread.
final class Round: Sendable {
    private let left: Atomic<Int>
    private let done: @Sendable () -> Void

    init(of count: Int, _ done: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.done = done
    }

    func pass() {
        // Whatever each thread did before is seen by `done`.
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done() }
    }
}
