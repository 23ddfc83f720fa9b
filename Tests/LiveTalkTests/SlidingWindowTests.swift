import Crane
import Synchronization
import Testing

@testable import LiveTalk

@Suite("The sliding window")
struct SlidingWindowTests {
    private func window(
        _ count: Int, clients: Int = 100, since start: ContinuousClock.Instant, _ passed: Passed
    )
        -> SlidingWindow
    {
        SlidingWindow(count, per: .seconds(60), clients: clients) { start + passed.duration }
    }

    final class Passed: Sendable {
        private let value = Mutex(Duration.zero)
        var duration: Duration {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    private func address(_ text: String) -> PeerAddress { PeerAddress(ip: IPAddress(text), port: 1) }

    @Test("lets a client in again as its first request leaves the window")
    func slides() throws {
        let passed = Passed()
        let limiter = window(2, since: .now, passed)
        let client = address("192.0.2.1")
        try limiter.admit(client)
        passed.duration = .seconds(20)
        try limiter.admit(client)
        passed.duration = .milliseconds(59_500)
        let error = #expect(throws: HTTPError.self) { try limiter.admit(client) }
        #expect(error?.status == .tooManyRequests)
        #expect(error?.headers[.retryAfter] == "1")
        #expect(error?.headers[.rateLimit] == "\"default\";r=0;t=1")
        #expect(error?.headers[.rateLimitPolicy] == "\"default\";q=2;w=60")
        passed.duration = .seconds(60)
        try limiter.admit(client)
        #expect(throws: HTTPError.self) { try limiter.admit(client) }
    }

    @Test("counts clients apart, IPv6 by the first 64 bits")
    func clients() throws {
        let limiter = window(1, since: .now, Passed())
        try limiter.admit(address("192.0.2.1"))
        try limiter.admit(address("192.0.2.2"))
        try limiter.admit(address("2001:db8::1"))
        #expect(throws: HTTPError.self) { try limiter.admit(address("2001:db8::2")) }
        try limiter.admit(address("2001:db8:0:1::1"))
    }

    @Test("remembers so many clients and forgets those who have not asked for a window")
    func bound() throws {
        let passed = Passed()
        let limiter = window(1, clients: 2, since: .now, passed)
        try limiter.admit(address("192.0.2.1"))
        try limiter.admit(address("192.0.2.2"))
        #expect(throws: HTTPError.self) { try limiter.admit(address("192.0.2.3")) }
        passed.duration = .seconds(60)
        try limiter.admit(address("192.0.2.3"))
    }
}
