import CraneRESP
import CraneRedis
import TestSupport
import Testing

@testable import CraneCelery

@Suite("The broker's channels and clients", .timeLimit(.minutes(2)))
struct ChannelTests {
    @Test(
        "are told apart by patterns",
        arguments: [
            ("*", "", true), ("*", "a", true), ("", "", true), ("", "a", false), ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("/0.celeryev/worker.*", "/0.celeryev/worker.heartbeat", true),
            ("/0.celeryev/worker.*", "/0.celeryev/task.sent", false),
            ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[c-a]x", "bx", true), (#"\*"#, "*", true), (#"\*"#, "a", false), ("[a", "a", true),
            ("a*", "b", false), ("*a", "bba", true),
            (#"[\]]"#, "]", true), ("**", "x", true), ("a[]b", "ab", false),
        ])
    func patterns(pattern: String, text: String, matches: Bool) {
        #expect(GlobPattern(Array(pattern.utf8)).matches(Array(text.utf8)) == matches)
    }

    @Test("of stars do not take for ever")
    func longPattern() {
        let pattern = GlobPattern(Array(String(repeating: "a*", count: 200).utf8) + [7])
        #expect(!pattern.matches(Array(repeating: UInt8(ascii: "a"), count: 20_000)))
    }

    @Test("carry what is published to all who listen", arguments: [RESPVersion.two, .three])
    func publishing(version: RESPVersion) async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        var commands = RESPWriter()
        for words in [
            ["HELLO", "\(version.rawValue)"], ["SUBSCRIBE", "a"], ["PSUBSCRIBE", "a*"], ["PING"],
            ["GET", "a"],
        ] {
            commands.write(command: words.map { Array($0.utf8) })
        }
        let socket = try await RawSocket(port: broker.port, sending: commands.take())
        var reader = RESPReplyReader()
        var heard: [RESPValue] = []
        func hear(_ count: Int) async throws -> [RESPValue] {
            while heard.count < count {
                let part = try await socket.receive()
                unsafe part.withUnsafeBytes { unsafe reader.append($0) }
                while let value = try reader.next() { heard.append(value) }
                if part.isEmpty { break }
            }
            defer { heard = [] }
            return heard
        }
        func message(_ words: RESPValue...) -> RESPValue { version == .three ? .push(words) : .array(words) }
        let opening = try await hear(5)
        #expect(opening[1] == message(.bulk("subscribe"), .bulk("a"), .integer(1)))
        #expect(opening[2] == message(.bulk("psubscribe"), .bulk("a*"), .integer(2)))
        if version == .three {
            #expect(opening[3...] == [.simple("PONG"), .null])
        } else {
            #expect(opening[3] == .array([.bulk("pong"), .bulk("")]))
            // A connection that listens is for nothing else there.
            if case .error = opening[4] {} else { Issue.record("\(opening[4])") }
        }
        #expect(try await client("PUBLISH", "a", "x") == .integer(2))
        #expect(try await client("PUBLISH", "ab", "y") == .integer(1))
        #expect(
            try await hear(3) == [
                message(.bulk("message"), .bulk("a"), .bulk("x")),
                message(.bulk("pmessage"), .bulk("a*"), .bulk("a"), .bulk("x")),
                message(.bulk("pmessage"), .bulk("a*"), .bulk("ab"), .bulk("y")),
            ])
        commands.write(command: [Array("UNSUBSCRIBE".utf8)])
        commands.write(command: [Array("PUNSUBSCRIBE".utf8)])
        try await socket.send(commands.take())
        #expect(
            try await hear(2) == [
                message(.bulk("unsubscribe"), .bulk("a"), .integer(1)),
                message(.bulk("punsubscribe"), .bulk("a*"), .integer(0)),
            ])
        #expect(try await client("PUBLISH", "a", "x") == .integer(0))
    }

    @Test("must say the password where there is one")
    func password() async throws {
        let broker = try TestBroker { $0.password = "se:cret" }
        let client = try broker.client()
        let refusal = await #expect(throws: RedisError.self) { try await client("PING") }
        #expect(refusal?.description == "the Redis refuses: NOAUTH Authentication required.")
        let right = try RedisClient(try #require(RedisURL("redis://:se%3Acret@127.0.0.1:\(broker.port)/0")))
        #expect(try await right.send([[Array("PING".utf8)]]) == [.simple("PONG")])
        let wrong = try RedisClient(
            try #require(RedisURL("redis://default:secret@127.0.0.1:\(broker.port)/0")))
        await #expect(throws: RedisError.self) { try await wrong.send([[Array("PING".utf8)]]) }
        #expect(broker.log.entries.contains { $0.contains("wrong password") })
        #expect(throws: BrokerError.self) {
            _ = try TestBroker { $0.address = .host("0.0.0.0", port: 0) }
        }
        // Who says nothing is not waited for.
        let silent = try await RawSocket(port: broker.port)
        try await broker.wait { $0.connections >= 2 }
        broker.broker.skip(.seconds(12))
        #expect(try await silent.receive() == [])
    }

    @Test("get an error for bytes that are no commands, and end then")
    func hostile() async throws {
        let broker = try TestBroker { $0.limits.connections = 5 }
        for text in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "*1\r\n$-5\r\n", "*99999999999\r\n",
            "*1\r\n$99999999999999\r\nx", "\0\0\0\0\r\n",
            "*2\r\n$4\r\nPING\r\nPING\r\n", "*1\r\n$4\r\nPINGPING",
        ] {
            let socket = try await RawSocket(port: broker.port, sending: Array(text.utf8))
            var answer: [UInt8] = []
            while case let part = try await socket.receive(), !part.isEmpty { answer += part }
            #expect(String(decoding: answer, as: UTF8.self).contains("-ERR Protocol error: "), "\(text)")
        }
        try await broker.wait { $0.connections == 0 }
        // A part of a command is waited for so long.
        let slow = try await RawSocket(port: broker.port, sending: Array("*2\r\n$3\r\nGET\r\n$1".utf8))
        try await broker.wait { $0.connections == 1 }
        broker.broker.skip(.seconds(32))
        #expect(try await slow.receive() == [])
        let client = try broker.client()
        #expect(
            try await client("LPUSH", "q", String(repeating: "x", count: 2 << 20))
                == .error("ERR a command of more than 1048576 bytes"))
        #expect(try await client("PING") == .simple("PONG"))
        // As many as there may be, and one more.
        var others: [TestClient] = []
        for _ in 1...4 {
            others.append(try broker.client())
            #expect(try await others[others.count - 1]("PING") == .simple("PONG"))
        }
        let refused = try await RawSocket(port: broker.port)
        #expect(
            String(decoding: try await refused.receive(), as: UTF8.self)
                == "-ERR max number of clients reached\r\n")
    }

    @Test("are given up when they do not take what is sent to them")
    func slowSubscriber() async throws {
        let broker = try TestBroker { $0.limits.behind = 1 << 20 }
        let client = try broker.client()
        let slow = try await RawSocket(
            port: broker.port, sending: Array("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n".utf8),
            receiveBuffer: 4096)
        while try await client("PUBLISH", "c", "") == .integer(0) {}
        let message = String(repeating: "x", count: 100_000)
        var isGivenUp = false
        while !isGivenUp { isGivenUp = try await client("PUBLISH", "c", message) == .integer(0) }
        #expect(broker.log.entries.contains { $0.contains("too far behind") })
        #expect(try await client("PING") == .simple("PONG"))
        slow.disconnect()
    }

    @Test("have thousands of commands in one packet answered in their order")
    func pipeline() async throws {
        let broker = try TestBroker()
        let client = try broker.client()
        let answers = try await client.send(
            (1...3000).map { $0.isMultiple(of: 3) ? ["INCR", "n"] : ["PING", "\($0)"] })
        for (index, answer) in answers.enumerated() {
            let number = index + 1
            #expect(answer == (number.isMultiple(of: 3) ? .integer(number / 3) : .bulk("\(number)")))
        }
    }
}
