public import CraneHTTP
import CraneSystem
import Logging
import Synchronization

/// Counts, by route, how often a handler has blocked its loop for too long, and says so at most once a second.
final class BlockedLoops: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        var lastLine: UInt64 = 0
        var unsaid = 0
    }

    private let state = Mutex(State())

    var counts: [String: Int] { state.withLock { $0.counts } }

    func note(_ route: String, _ duration: Duration, requests: Int, logger: Logger) {
        let now = SystemTime.coarseMonotonic()
        let unsaid: Int? = state.withLock { state in
            state.counts[route, default: 0] += 1
            // A handler that always blocks would fill the log.
            guard state.lastLine == 0 || now &- state.lastLine >= 1_000_000_000 else {
                state.unsaid += 1
                return nil
            }
            state.lastLine = now
            defer { state.unsaid = 0 }
            return state.unsaid
        }
        guard let unsaid else { return }
        let (seconds, attoseconds) = duration.components
        logger.warning(
            "a handler held its loop: every other request of that loop waited",
            metadata: [
                "route": "\(route)",
                "milliseconds": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
                "requests": "\(requests)",
                "since_last_line": "\(unsaid)",
            ])
    }
}

extension AppResponder {
    /// How often each route's handlers have blocked a loop for longer than the server's threshold; `-` for what belongs to no
    /// route. Any thread.
    public var blockedLoopCounts: [String: Int] { blockedLoops.counts }

    public func loopWasBlocked(by request: Request?, for duration: Duration, requests: Int) {
        let route = request.flatMap { endpoint(for: $0)?.pattern?.text } ?? "-"
        blockedLoops.note(route, duration, requests: requests, logger: configuration.logger)
    }
}
