package import Foundation
import Synchronization

/// Held while a process is begun.
private let beginning = Mutex<Void>(())

extension Process {
    /// Runs it as `run()` does, one after the other.
    ///
    /// Foundation hears of a process's end by a socket that the process alone shall have. Of two that are begun at once one may get the
    /// other's too, and as long as it runs the other's end is not heard of.
    package func start() throws { try beginning.withLock { _ in try run() } }
}
