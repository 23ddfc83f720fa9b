import Crane
import Synchronization
import Testing

/// Time that only the test moves.
private final class ManualTime: Sendable {
    private let nanoseconds = Atomic<UInt64>(1_000_000_000)

    var now: UInt64 { nanoseconds.load(ordering: .relaxed) }

    func advance(milliseconds: UInt64) {
        nanoseconds.add(milliseconds * 1_000_000, ordering: .relaxed)
    }
}

private func peer(_ text: String) -> PeerAddress { PeerAddress(ip: IPAddress(text), port: 1) }

@Suite("Rate limits")
struct RateLimitTests {
    private let time = ManualTime()

    private func limiter(_ count: Int, per window: Duration, clients: Int = 1024) -> RateLimiter {
        RateLimiter(count, per: window, clients: clients) { [time] in time.now }
    }

    @Test("a client may take its quota at once, and gets it back one by one")
    func refill() {
        let limiter = limiter(5, per: .seconds(60))
        let client = peer("192.0.2.1")
        let decisions = (0..<6).map { _ in limiter.acquire(client) }
        #expect(decisions.map(\.isAllowed) == [true, true, true, true, true, false])
        #expect(decisions.map(\.remaining) == [4, 3, 2, 1, 0, 0])
        #expect(decisions.map(\.reset) == [12, 24, 36, 48, 60, 60])
        #expect(decisions.map(\.retryAfter) == [0, 0, 0, 0, 12, 12])
        time.advance(milliseconds: 11_999)
        #expect(limiter.acquire(client).isAllowed == false)
        time.advance(milliseconds: 1)
        #expect(limiter.acquire(client).isAllowed)
        #expect(limiter.acquire(client).isAllowed == false)
        time.advance(milliseconds: 60_000)
        #expect(
            (0..<6).map { _ in limiter.acquire(client).isAllowed } == [true, true, true, true, true, false])
    }

    @Test("servers that share a quota give out equal parts of it, and one request each at least")
    func shared() {
        let servers = ServerCount()
        let limiter = RateLimiter(8, per: .seconds(80), clients: 1024, sharedAmong: servers) { [time] in
            time.now
        }
        func taken(_ address: String) -> Int {
            (0..<10).count { _ in limiter.acquire(peer(address)).isAllowed }
        }
        #expect(taken("192.0.2.1") == 8)
        servers.value = 4
        #expect(taken("192.0.2.2") == 2)
        #expect(limiter.acquire(peer("192.0.2.2")).retryAfter == 40)
        servers.value = 100
        #expect(taken("192.0.2.3") == 1)
        servers.value = 0
        #expect(taken("192.0.2.4") == 8)
    }

    @Test("to look takes nothing, and tells what taking would")
    func peek() {
        let limiter = limiter(2, per: .seconds(60))
        let key = RateLimiter.Key(high: 1, low: 2)
        for left in [2, 1] {
            for _ in 0..<3 {
                #expect(limiter.peek(key).isAllowed)
                #expect(limiter.peek(key).remaining == left)
            }
            limiter.acquire(key)
        }
        #expect(limiter.peek(key) == limiter.acquire(key))
        #expect(limiter.peek(key).retryAfter == 30)
        #expect(limiter.peek(RateLimiter.Key(high: 2, low: 1)).remaining == 2)
        time.advance(milliseconds: 30_000)
        #expect(limiter.peek(key).isAllowed)
    }

    @Test("a refused request does not put the next one off")
    func refusalIsFree() {
        let limiter = limiter(1, per: .seconds(1))
        let client = peer("192.0.2.1")
        #expect(limiter.acquire(client).isAllowed)
        for _ in 0..<100 { #expect(limiter.acquire(client).isAllowed == false) }
        time.advance(milliseconds: 1000)
        #expect(limiter.acquire(client).isAllowed)
    }

    @Test(
        "each client has its own quota; a /64 of IPv6 is one client",
        arguments: [
            ("192.0.2.1", "192.0.2.2", true), ("192.0.2.1", "192.0.2.1", false),
            ("2001:db8::1", "2001:db8::ffff:0:0:2", false), ("2001:db8::1", "2001:db8:0:1::1", true),
            ("::1", "127.0.0.1", true),
        ])
    func keys(first: String, second: String, areDifferent: Bool) {
        let limiter = limiter(1, per: .seconds(60))
        #expect(limiter.acquire(peer(first)).isAllowed)
        #expect(limiter.acquire(peer(second)).isAllowed == areDifferent)
    }

    @Test("all Unix sockets are one client")
    func unixSocket() {
        let limiter = limiter(1, per: .seconds(60))
        #expect(limiter.acquire(.unixSocket).isAllowed)
        #expect(limiter.acquire(.unixSocket).isAllowed == false)
    }

    @Test("when the room is full, the client that has the most back is forgotten")
    func fullTable() {
        // 128 slots are sixteen groups of eight.
        let limiter = limiter(2, per: .seconds(1000), clients: 128)
        let busy = peer("10.0.0.1")
        _ = limiter.acquire(busy)
        _ = limiter.acquire(busy)
        for index in 0..<100_000 {
            _ = limiter.acquire(PeerAddress(ip: IPAddress(v4: 0x0B00_0000 + UInt32(index)), port: 1))
        }
        #expect(limiter.acquire(busy).isAllowed == false)
    }

    @Test("a count that does not divide the window is never exceeded")
    func uneven() {
        let limiter = limiter(7, per: .milliseconds(1))
        let allowed = (0..<100).count { _ in limiter.acquire(peer("192.0.2.1")).isAllowed }
        #expect(allowed == 7)
    }

    @Test("loops share the quota")
    func concurrent() async {
        let limiter = limiter(1000, per: .seconds(1000))
        let allowed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<500).count { _ in limiter.acquire(peer("192.0.2.1")).isAllowed } }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 1000)
    }

    @Test("every response tells what is left, and a refusal when to come back")
    func fields() async throws {
        var app = App(logger: quiet)
        app.middleware = [RateLimit(limiter(2, per: .seconds(60)), exempt: ["/healthz"])]
        app.get("/") { _, _ in .text("Hello") }
        app.get("/healthz") { _, _ in .text("fine") }
        let responder = app.build()
        let text = "content-type: text/plain; charset=utf-8"
        let policy = #"ratelimit-policy: "default";q=2;w=60"#
        let first = try await responder.answer("GET", "/")
        #expect(first.fields == [text, policy, #"ratelimit: "default";r=1;t=30"#])
        let second = try await responder.answer("GET", "/nope")
        #expect(second.status == .notFound)
        #expect(second.allFields[values: .init("ratelimit") ?? .date] == [#""default";r=0;t=60"#])
        time.advance(milliseconds: 500)
        let third = try await responder.answer("GET", "/")
        #expect(third.status == .tooManyRequests)
        #expect(third.text == #"{"detail":"Rate limit exceeded"}"#)
        #expect(
            third.fields == [
                "content-type: application/json", policy, #"ratelimit: "default";r=0;t=60"#,
                "retry-after: 30",
            ])
        let exempt = try await responder.answer("GET", "/healthz")
        #expect(exempt.fields == [text])
        var other = Call()
        other.peer = peer("192.0.2.99")
        #expect(try await responder.answer(other).status == .ok)
    }
}
