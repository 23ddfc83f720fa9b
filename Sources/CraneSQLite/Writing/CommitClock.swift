import Synchronization

/// The count of commits, which says whether a reader's open snapshot is still the newest state.
///
/// The writer moves it after a commit and before it answers any write of it, so that a read begun after an
/// answer always sees the count moved.
final class CommitClock: Sendable {
    // Zero stands for "no snapshot", so the count begins at one.
    private let count = Atomic<UInt64>(1)

    var now: UInt64 {
        count.load(ordering: .acquiring)
    }

    func advance() {
        count.wrappingAdd(1, ordering: .releasing)
    }
}
