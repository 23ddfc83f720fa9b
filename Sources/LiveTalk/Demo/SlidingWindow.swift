import Crane
import HTTPTypes
import Synchronization

/// Lets each client make so many requests in any span of so long, as the talk's rate limiter does.
///
/// A class with state that routes take as a dependency. Every loop shares it: a call takes a short lock. A client is its
/// address, IPv6 by the first 64 bits; Unix sockets are one client. It remembers `clients` of them at most: when there are
/// more, those who have not asked for a whole window are forgotten, and if there are none, newcomers are refused.
final class SlidingWindow: Sendable {
    private struct Client: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private let count: Int
    private let window: Duration
    private let clients: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    /// When each client's last requests came that were let in, the oldest first.
    private let requests = Mutex<[Client: [ContinuousClock.Instant]]>([:])

    /// - Parameter now: the clock, for tests.
    init(
        _ count: Int, per window: Duration, clients: Int = 10_000,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.count = count
        self.window = window
        self.clients = clients
        self.now = now
    }

    /// Notes a request; throws 429 when the client has had its number.
    func admit(_ client: PeerAddress) throws {
        let now = now()
        let key = Client(
            high: client.ip?.high ?? 0, low: client.ip.map { $0.isIPv4 ? $0.low : 0 } ?? 0)
        let wait: Duration? = requests.withLock { requests in
            var recent = (requests[key] ?? []).filter { now - $0 < window }
            if recent.count >= count {
                requests[key] = recent
                return window - (now - recent[0])
            }
            if recent.isEmpty, requests.count >= clients {
                requests = requests.filter { $0.value.contains { now - $0 < window } }
                if requests.count >= clients { return window }
            }
            recent.append(now)
            requests[key] = recent
            return nil
        }
        if let wait { throw refusal(wait) }
    }

    private func refusal(_ wait: Duration) -> HTTPError {
        let seconds = Int(wait.components.seconds) + (wait.components.attoseconds > 0 ? 1 : 0)
        return HTTPError(
            .tooManyRequests, "Rate limit exceeded",
            headers: [
                .retryAfter: "\(seconds)",
                .rateLimitPolicy: "\"default\";q=\(count);w=\(window.components.seconds)",
                .rateLimit: "\"default\";r=0;t=\(seconds)",
            ])
    }
}
