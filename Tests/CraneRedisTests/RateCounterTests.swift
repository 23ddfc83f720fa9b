import Crane
import CraneHTTP
import CraneRESP
import CraneTesting
import Logging
import TestSupport
import Testing

@testable import CraneRedis

@Suite("Rates in a Redis", .needsRedis, .timeLimit(.minutes(2)))
struct RateCounterTests {
    /// The counter of one of several nodes.
    private func counter(
        _ socket: String, patience: Duration = .seconds(30),
        logger: Logger = Logger(label: "redis") { _ in SwiftLogNoOpLogHandler() }
    ) throws -> RedisRateCounter {
        try RedisRateCounter(
            try #require(RedisURL("redis+socket://\(socket)")), prefix: "test:", patience: patience,
            logger: logger)
    }

    private func client(_ text: String) -> PeerAddress { PeerAddress(ip: IPAddress(text), port: 1) }

    @Test("of all nodes together a client gets its quota, and no request more")
    func isExact() async throws {
        let server = try RedisServer()
        let counters = try (0..<4).map { _ in try counter(server.socket) }
        // Their number would divide it where each counts by itself.
        let servers = ServerCount()
        servers.value = 4
        let limiters = counters.map {
            RateLimiter(100, per: .seconds(3600), sharedAmong: servers, countedBy: $0)
        }
        let allowed = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask { await limiters[number % 4].acquireShared(client("192.0.2.1")).isAllowed }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(allowed == 100)
        let other = await limiters[0].acquireShared(client("192.0.2.2"))
        #expect(other.isAllowed && other.remaining == 99)
        let refused = await limiters[3].acquireShared(client("192.0.2.1"))
        #expect(!refused.isAllowed && refused.remaining == 0 && (1...36).contains(refused.retryAfter))
        // One that looks takes nothing.
        let key = RateLimiter.Key(client("192.0.2.3"))
        for _ in 0..<3 { #expect(await limiters[1].peekShared(key).remaining == 100) }
        #expect(counters.allSatisfy { $0.counts.isReached && $0.counts.local == 0 })
        // Who is refused is not asked for again.
        #expect(counters.map(\.counts.shared).reduce(0, +) < 405)
        for counter in counters { counter.close() }
        server.end()
    }

    @Test("while the Redis is away a node gives out its part, and the Redis counts again when it is back")
    func fallsBack() async throws {
        let server = try RedisServer()
        let journal = Journal<String>()
        let log = Logger(label: "redis") { _ in JournalLog(journal: journal) }
        let counter = try counter(server.socket, patience: .milliseconds(100), logger: log)
        let servers = ServerCount()
        servers.value = 4
        let limiter = RateLimiter(100, per: .seconds(3600), sharedAmong: servers, countedBy: counter)
        #expect(await limiter.acquireShared(client("192.0.2.1")).isAllowed)
        try server.pause(true)
        // The signal may take a while.
        while counter.counts.isReached { _ = await limiter.acquireShared(client("192.0.2.9")) }
        let local = counter.counts.local
        var allowed = 0
        for _ in 0..<100 { allowed += await limiter.acquireShared(client("192.0.2.2")).isAllowed ? 1 : 0 }
        #expect(allowed == 25)
        #expect(counter.counts.local >= local + 25)
        #expect(journal.entries.first?.hasPrefix("rates are divided by the nodes") == true)
        try server.pause(false)
        while !counter.counts.isReached { _ = await limiter.acquireShared(client("192.0.2.10")) }
        #expect(journal.entries.last == "rates are counted in the Redis again")
        counter.close()
        server.end()
    }

    @Test("a Redis that says nothing holds a request up for no longer than was allowed")
    func isBounded() async throws {
        let silent = try RawUpstream { $0.waitForEnd() }
        let counter = try RedisRateCounter(
            try #require(RedisURL("redis://127.0.0.1:\(silent.port)")), prefix: "",
            patience: .milliseconds(10),
            logger: Logger(label: "redis") { _ in SwiftLogNoOpLogHandler() })
        let limiter = RateLimiter(100, per: .seconds(3600), countedBy: counter)
        for _ in 0..<10 { #expect(await limiter.acquireShared(client("192.0.2.1")).isAllowed) }
        #expect(!counter.counts.isReached && counter.counts.local == 10)
        counter.close()
    }

    @Test("the middleware asks the Redis, and says so in its fields")
    func middleware() async throws {
        let server = try RedisServer(password: "a%b c")
        let url = try #require(RedisURL("redis+socket://\(server.socket)"))
        // Without its password nobody is counted there.
        let counter = try RedisRateCounter(url, prefix: "", patience: .seconds(30))
        var app = App(title: "Limited")
        app.middleware = [SharedRateLimit(RateLimit(RateLimiter(2, per: .seconds(60), countedBy: counter)))]
        app.get("/") { "hello" }
        let client = TestClient(app)
        let first = try await client.get("/")
        #expect(first.status == .ok && first.headers[.rateLimit]?.hasPrefix("\"default\";r=1") == true)
        #expect(!counter.counts.isReached)
        _ = try await client.get("/")
        let third = try await client.get("/")
        #expect(third.status == .tooManyRequests && third.headers[.retryAfter] != nil)
        counter.close()
        server.end()
    }

    @Test("the script's SHA-1 is that by which a Redis knows it")
    func sha1() async throws {
        let server = try RedisServer()
        let client = try RedisClient(try #require(RedisURL("redis+socket://\(server.socket)")))
        let loaded = try await client.send([["SCRIPT", "LOAD", RedisRateScript.text].map { Array($0.utf8) }])
        #expect(loaded.first?.text == RedisRateScript.sha1)
        client.close()
        server.end()
    }
}

/// Keeps the messages of a log.
private struct JournalLog: LogHandler {
    let journal: Journal<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(journal: Journal<String>) { self.journal = journal }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { journal.note("\(event.message)") }
}
