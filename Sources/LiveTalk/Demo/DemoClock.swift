import Crane
import CraneSchema
import Synchronization

/// The time of which the demo's comments are: in the past while it is made up, then the present.
final class DemoClock: Sendable {
    private let past = Mutex<Timestamp?>(nil)

    var now: Timestamp { past.withLock { $0 } ?? .now }

    /// Stands still at a time of the past; goes with the present for `nil`.
    func set(_ time: Timestamp?) {
        past.withLock { $0 = time }
    }
}
