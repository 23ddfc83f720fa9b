import Crane
import Synchronization

/// Lets each client make so many requests in any span of so long, as the talk's rate limiter does.
///
/// A class with state that routes take as a dependency. Every loop shares it: a call takes a short lock, whose work does not
/// grow with the clients. A client is what `PeerAddress.subscriber` says. It remembers
/// `clients` of them at most: one more is let in, and the one who was let in the longest ago is forgotten.
final class SlidingWindow: Sendable {
    /// When a client's last requests came that were let in: at most as many as it may make.
    private struct Recent {
        private var times: [ContinuousClock.Instant] = []
        /// Where the oldest stands, once there are as many as there may be.
        private var first = 0

        /// The request that must have left the window before another is let in.
        func oldest(of count: Int) -> ContinuousClock.Instant? {
            times.count < count ? nil : times[first]
        }

        /// Notes one in the place of the oldest.
        mutating func note(_ time: ContinuousClock.Instant, of count: Int) {
            if times.count < count { return times.append(time) }
            times[first] = time
            first = (first + 1) % count
        }
    }

    private let count: Int
    private let window: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let clients: Mutex<LRUCache<IPAddress, Recent>>

    /// - Parameter now: the clock, for tests.
    init(
        _ count: Int, per window: Duration, clients: Int = 10_000,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.count = count
        self.window = window
        self.now = now
        self.clients = Mutex(LRUCache(room: clients))
    }

    /// Notes a request; throws 429 when the client has had its number.
    func admit(_ client: PeerAddress) throws {
        let now = now()
        let key = client.subscriber
        let wait: Duration? = clients.withLock { clients in
            var recent = clients[key] ?? Recent()
            if let oldest = recent.oldest(of: count), now - oldest < window {
                return window - (now - oldest)
            }
            recent.note(now, of: count)
            clients.use(key, recent)
            return nil
        }
        if let wait { throw refusal(wait) }
    }

    private func refusal(_ wait: Duration) -> HTTPError {
        let seconds = Int(wait.components.seconds) + (wait.components.attoseconds > 0 ? 1 : 0)
        let decision = RateLimiter.Decision(
            isAllowed: false, remaining: 0, reset: seconds, retryAfter: seconds)
        return RateLimiter.refusal(decision, of: count, per: window)
    }
}
