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

    @Test("counts in any span, whenever the requests came")
    func anySpan() throws {
        let passed = Passed()
        let limiter = window(3, since: .now, passed)
        let client = address("192.0.2.1")
        // When a request comes, and whether it is let in.
        for (second, isLetIn) in [
            (0, true), (30, true), (59, true), (59, false), (60, true), (89, false), (90, true), (90, false),
            (118, false),
            (119, true), (119, false), (500, true), (500, true), (500, true), (500, false),
        ] {
            passed.duration = .seconds(second)
            #expect(((try? limiter.admit(client)) != nil) == isLetIn, "at \(second) s")
        }
    }

    @Test("lets newcomers in whoever else is known, and forgets who was let in the longest ago")
    func bound() throws {
        let limiter = window(1, clients: 3, since: .now, Passed())
        let (first, second, third) = (address("192.0.2.1"), address("192.0.2.2"), address("192.0.2.3"))
        for client in [first, second, third] { try limiter.admit(client) }
        // To be refused is no reason to be remembered for longer.
        #expect(throws: HTTPError.self) { try limiter.admit(first) }
        try limiter.admit(address("192.0.2.4"))
        for client in [second, third] {
            #expect(throws: HTTPError.self) { try limiter.admit(client) }
        }
        try limiter.admit(first)
        #expect(throws: HTTPError.self) { try limiter.admit(third) }
        try limiter.admit(second)
        // A hundred thousand others cost as much for each as the first did.
        for number in 0..<100_000 {
            try limiter.admit(
                PeerAddress(ip: IPAddress(high: UInt64(number) << 16 | 1 << 61, low: 0), port: 1))
        }
        #expect(throws: HTTPError.self) {
            try limiter.admit(PeerAddress(ip: IPAddress(high: 99_999 << 16 | 1 << 61, low: 7), port: 1))
        }
    }

    @Test("keeps what was used last, in any order of use")
    func recentlyUsed() {
        var kept = LRUCache<Int, Int>(room: 4)
        // The same by a list that is searched.
        var model: [(key: Int, value: Int)] = []
        var state: UInt64 = 42
        for step in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = Int(state >> 60) % 7
            kept.use(key, step)
            model.removeAll { $0.key == key }
            model.append((key, step))
            if model.count > 4 { model.removeFirst() }
            #expect(kept.count == model.count)
            for key in 0..<7 { #expect(kept[key] == model.first { $0.key == key }?.value) }
        }
        var one = LRUCache<Int, Int>(room: 1)
        for key in 0..<3 { one.use(key, key) }
        #expect(one[2] == 2 && one[1] == nil && one.count == 1)
    }
}
