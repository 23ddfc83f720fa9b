import Synchronization

/// Calls back once it has been counted down to zero; any thread.
final class CountdownLatch: Sendable {
    private let left: Atomic<Int>
    private let done: @Sendable () -> Void

    init(of count: Int, _ done: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.done = done
    }

    func countDown() {
        // Whatever each thread did before is seen by `done`.
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done() }
    }
}
