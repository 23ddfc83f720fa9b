import CraneRESP
import CraneSQLite
import TestSupport
import Testing

@testable import CraneCelery

@Suite("The broker's commands", .timeLimit(.minutes(2)))
struct CommandTests {
    /// A command as words between blanks, where `_` is a blank in a word, and its answer.
    static let cases: [(String, RESPValue)] = [
        ("PING", .simple("PONG")), ("PING hello", .bulk("hello")), ("SELECT 0", .ok),
        ("SELECT 16", .error("ERR DB index is out of range")), ("CLIENT SETINFO LIB-NAME x", .ok),
        ("CLIENT ID x", .integer(1)), ("GET a", .null), ("SET a 1", .ok), ("GET a", .bulk("1")),
        ("SET a 2 NX", .null), ("SET b 2 XX", .null), ("SET a 2 XX EX 100", .ok),
        ("SET a 3 PX 0", .error("ERR invalid expire time in 'set' command")),
        ("SET a 3 QX", .error("ERR syntax error")), ("INCR a", .integer(3)), ("INCRBY a -5", .integer(-2)),
        ("INCRBY a x", .error("ERR value is not an integer or out of range")), ("SETEX c 100 x", .ok),
        ("SETEX c 0 x", .error("ERR invalid expire time in 'setex' command")),
        ("MGET a x c", .array([.bulk("-2"), .null, .bulk("x")])), ("EXISTS a c x a", .integer(3)),
        ("EXPIRE a 10", .integer(1)), ("PEXPIRE x 10", .integer(0)), ("EXPIRE a -1", .integer(1)),
        ("EXISTS a", .integer(0)),
        ("DEL c x", .integer(1)), ("LPUSH l 1 2", .integer(2)), ("RPUSH l 0", .integer(3)),
        ("LRANGE l 0 -1", .array([.bulk("2"), .bulk("1"), .bulk("0")])),
        ("LRANGE l -2 1", .array([.bulk("1")])),
        ("LRANGE l 5 9", .array([])), ("LLEN l", .integer(3)), ("EXISTS l", .integer(1)),
        ("RPOP l", .bulk("0")),
        ("BRPOP x l 0", .array([.bulk("l"), .bulk("1")])), ("EXPIRE l 100", .integer(1)),
        ("RPOP l", .bulk("2")), ("RPOP l", .null),
        ("EXISTS l", .integer(0)), ("SADD l member", .integer(1)), ("DEL l", .integer(1)),
        ("SADD s a b a", .integer(2)), ("SADD s b c", .integer(1)),
        ("SMEMBERS s", .array([.bulk("a"), .bulk("b"), .bulk("c")])),
        ("SREM s a x", .integer(1)),
        ("GET s", .error("WRONGTYPE Operation against a key holding the wrong kind of value")),
        ("LPUSH s 1", .error("WRONGTYPE Operation against a key holding the wrong kind of value")),
        ("SREM s b c", .integer(2)), ("EXISTS s", .integer(0)), ("SMEMBERS s", .array([])),
        ("ZADD z 1 a 2 b 3 c", .integer(3)), ("ZADD z GT 0 a 9 b", .integer(0)),
        ("ZADD z x a", .error("ERR value is not a valid float")),
        ("ZRANGE z 0 -1 WITHSCORES", .array(["a", "1", "c", "3", "b", "9"].map { .bulk($0) })),
        ("ZRANGE z 0 0 REV", .array([.bulk("b")])),
        ("ZRANGE z 3 1 BYSCORE REV LIMIT 1 5", .array([.bulk("a")])),
        ("ZRANGE z (1 +inf BYSCORE", .array([.bulk("c"), .bulk("b")])), ("ZCOUNT z -inf (9", .integer(2)),
        ("ZREVRANGEBYSCORE z +inf 3 WITHSCORES LIMIT 0 1", .array([.bulk("b"), .bulk("9")])),
        ("ZREM z a c x", .integer(2)), ("ZREM z b", .integer(1)), ("EXISTS z", .integer(0)),
        ("ZADD unacked_index 1 tag", .integer(1)), ("HSET unacked tag []", .integer(1)),
        ("HGET unacked tag", .null),
        ("ZRANGE unacked_index 9e9 0 BYSCORE REV LIMIT 0 10 WITHSCORES", .array([])),
        ("HDEL unacked tag", .integer(0)),
        ("ZREVRANGEBYSCORE unacked_index 9e9 0 WITHSCORES", .array([])), ("PUBLISH c x", .integer(0)),
        ("DISCARD", .error("ERR DISCARD without MULTI")), ("EXEC", .error("ERR EXEC without MULTI")),
        ("UNWATCH", .ok),
        ("GET", .error("ERR wrong number of arguments for 'get' command")),
        ("GET a b", .error("ERR wrong number of arguments for 'get' command")),
        ("EVALSHA 0000 0", .error("NOSCRIPT No matching script. Please use EVAL.")),
        ("SCRIPT EXISTS 0000", .array([.integer(0)])),
        ("BRPOP l x", .error("ERR timeout is not a float or out of range")), ("BRPOP l 0.01", .nullArray),
    ]

    @Test("are answered as a Redis answers them")
    func answers() async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        for (command, expected) in Self.cases {
            let answer = try await client.send([command.split(separator: " ").map(String.init)])[0]
            if command.hasPrefix("CLIENT ID") { continue }
            #expect(answer == expected, "\(command)")
        }
        #expect(broker.broker.counters.unknown == 0)
    }

    @Test("keep the databases apart")
    func databases() async throws {
        let broker = try TestBroker()
        let (first, second) = (try broker.client(), try broker.client(1))
        #expect(try await first("SET", "a", "1") == .ok)
        #expect(try await second("GET", "a") == .null)
        #expect(try await second("LPUSH", "q", "x") == .integer(1))
        #expect(try await first("LLEN", "q") == .integer(0))
    }

    @Test("of a transaction are done together, and not when what it watches has changed")
    func transactions() async throws {
        let broker = try TestBroker()
        let (client, other) = (try broker.client(), try broker.client())
        let queued = RESPValue.simple("QUEUED")
        #expect(
            try await client.send([
                ["MULTI"], ["LPUSH", "q", "1"], ["GET", "q2"], ["PUBLISH", "c", "x"], ["INCR", "n"], ["EXEC"],
            ])
                == [
                    .ok, queued, queued, queued, queued,
                    .array([.integer(1), .null, .integer(0), .integer(1)]),
                ])
        // A command that fails takes no others with it, one that is no command does.
        #expect(
            try await client.send([["MULTI"], ["LPUSH", "n", "1"], ["INCR", "n"], ["EXEC"]]).last
                == .array([.error(CommandError.wrongType.text), .integer(2)]))
        let broken = try await client.send([["MULTI"], ["FLUSHALL"], ["INCR", "n"], ["EXEC"], ["GET", "n"]])
        #expect(broken[3] == .error("EXECABORT Transaction discarded because of previous errors."))
        #expect(broken[4] == .bulk("2"))

        #expect(try await client("WATCH", "n") == .ok)
        #expect(try await other("INCR", "n") == .integer(3))
        #expect(try await client.send([["MULTI"], ["INCR", "n"], ["EXEC"]]).last == .nullArray)
        #expect(
            try await client.send([["WATCH", "n"], ["MULTI"], ["INCR", "n"], ["EXEC"]]).last
                == .array([.integer(4)]))
    }

    @Test("are taken for unknown when Celery does not send them, which is told once and counted")
    func unknown() async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        for command in ["FLUSHALL", "CONFIG", "EVAL", "KEYS", "FLUSHALL", "it's\r\n"] {
            guard case .error(let text) = try await client(command) else {
                Issue.record("another answer")
                return
            }
            #expect(text.hasPrefix("ERR unknown command '"))
        }
        guard case .error(let text) = try await client("SCRIPT", "LOAD", "return redis.call('KEYS', '*')")
        else {
            Issue.record("another answer")
            return
        }
        #expect(text.hasPrefix("ERR this broker knows no such script"))
        #expect(broker.broker.counters.unknown == 7)
        #expect(broker.log.entries.filter { $0.contains("FLUSHALL") }.count == 1)
        #expect(broker.log.entries.contains { $0.contains("no such script") })
    }

    @Test("speak the third version to who asks for it")
    func versions() async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        guard case .map(let hello) = try await client("HELLO", "3") else {
            Issue.record("another answer")
            return
        }
        #expect(hello[4...5] == [.bulk("proto"), .integer(3)])
        #expect(try await client.send([["SADD", "s", "a"], ["SMEMBERS", "s"]]).last == .set([.bulk("a")]))
        #expect(
            try await client.send([["ZADD", "z", "1.5", "a"], ["ZRANGE", "z", "0", "-1", "WITHSCORES"]]).last
                == .array([.array([.bulk("a"), .double(1.5)])]))
        #expect(try await client("GET", "x") == .null)
        #expect(try await client("HELLO", "4") == .error("NOPROTO unsupported protocol version"))
    }

    @Test("let the oldest results go when there are too many, and take no more messages than they may")
    func bounds() async throws {
        let broker = try TestBroker { configuration in
            configuration.limits.valueBytes = 2000
            configuration.limits.messages = 5
        }
        let client = try broker.client()
        for number in 0..<40 {
            #expect(
                try await client("SETEX", "r\(number)", "1000", String(repeating: "x", count: 100)) == .ok)
        }
        #expect(try await client("GET", "r0") == .null)
        #expect(try await client("GET", "r39") != .null)
        #expect(broker.broker.counters.evicted > 0)
        #expect(broker.broker.counters.resultBytes <= 2000)
        for number in 1...5 { #expect(try await client("LPUSH", "q", "x") == .integer(number)) }
        #expect(try await client("LPUSH", "q", "x") == .error(CommandError.full.text))
        #expect(try await client("SADD", "s", "x") == .error(CommandError.full.text))
        #expect(try await client("RPOP", "q") == .bulk("x"))
        #expect(try await client("LPUSH", "q", "x") == .integer(5))
    }

    @Test("fail with a clear error while the disk is full, and lose nothing")
    func fullDisk() async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        #expect(try await client("LPUSH", "q", "first") == .integer(1))
        try await broker.database.write { connection in
            let pages = try connection.prepare("PRAGMA page_count")
            guard try pages.step() else { return }
            let count = try pages.int("page_count")
            let limit = try connection.prepare("PRAGMA max_page_count = \(count)" as String)
            _ = try limit.step()
        }
        let long = String(repeating: "x", count: 100_000)
        guard case .error(let text) = try await client("LPUSH", "q", long) else {
            Issue.record("another answer")
            return
        }
        #expect(text.hasPrefix("MISCONF") && text.contains("full"))
        #expect(try await client("LLEN", "q") == .integer(1))
        #expect(try await client("PING") == .simple("PONG"))
        try await broker.database.write { connection in
            let limit = try connection.prepare("PRAGMA max_page_count = 1000000" as String)
            _ = try limit.step()
        }
        #expect(try await client("LPUSH", "q", long) == .integer(2))
        #expect(try await client("BRPOP", "q", "1") == .array([.bulk("q"), .bulk("first")]))
        #expect(broker.log.entries.contains { $0.contains("database failed") })
    }
}
