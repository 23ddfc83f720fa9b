import Crane
import CraneRedis
import CraneService
import TestSupport
import Testing

@testable import LiveTalk

@Suite("What nodes do without a part of what they have", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresDegradationTests {
    @Test(
        "a Redis counts the rates of all nodes exactly; while it is away each counts its part and says so",
        .needsRedis)
    func rates() async throws {
        let server = try RedisServer()
        let redis = try #require(RedisURL("redis+socket://\(server.socket)"))
        let url = try PostgresServer.shared().database()
        func node() throws -> PostgresNode {
            try PostgresNode(url) { settings in
                settings.redisURL = redis
                settings.server.rateLimit = RateRule(count: 10, seconds: 3600)
            }
        }
        let nodes = try [node(), node()]
        var statuses: [Int] = []
        for number in 0..<14 {
            statuses.append(try await nodes[number % 2].client.send("GET", "/comments/?talk_id=1").status)
        }
        // A machine that holds the Redis up for longer than a request waits has a node count its part: fewer, and none more.
        let metrics = try await nodes[0].client.send("GET", "/metrics").body
        #expect(metrics.contains("livetalk_rates_shared"))
        #expect(statuses.prefix(5) == [200, 200, 200, 200, 200])
        #expect(statuses.suffix(4) == [429, 429, 429, 429])
        server.end()
        // Who was refused is not asked for again, so that a new node finds it out.
        let late = try node()
        #expect(try await late.client.send("GET", "/comments/1").status == 404)
        let ready = try await late.client.send("GET", "/readyz").body
        #expect(ready.hasPrefix(#"{"status":"ready","degraded":["rates are divided by the nodes"#))
        withExtendedLifetime((nodes, late)) {}
    }

    @Test(
        "behind a pooler by transactions changes come all the same, and the node says that it hears nothing",
        .needsPgBouncer)
    func pooler() async throws {
        let server = try PostgresServer.shared()
        let pooler = try PgBouncer(server, mode: "transaction")
        let url = try pooler.url(of: server.database())
        let nodes = try [PostgresNode(url), PostgresNode(url)]
        let first = try await nodes[0].post("one")
        let all = try await nodes[1].client.send("GET", "/talks/1/changes?after=0&wait=25").body
        #expect(all.contains(#""comment":{"id":\#(first)"#))
        async let waiting = nodes[1].client.send("GET", "/talks/1/changes?after=1&wait=25")
        let id = try await nodes[0].post("two")
        #expect(try await waiting.body.contains(#""comment":{"id":\#(id)"#))
        var ready = ""
        while !ready.contains("degraded") {
            ready = try await nodes[0].client.send("GET", "/readyz").body
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(ready.contains("notifications of PostgreSQL do not come through"))
        #expect(
            try await nodes[0].client.send("GET", "/metrics").body.contains("livetalk_notifications_heard 0"))
        withExtendedLifetime((nodes, pooler)) {}
    }
}
