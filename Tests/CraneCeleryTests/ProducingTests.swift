import CraneRESP
import CraneRedis
import CraneSQLite
import CraneSchema
import TestSupport
import Testing

@testable import CraneCelery

@Suite("Tasks for Celery's workers", .timeLimit(.minutes(2)))
struct ProducingTests {
    struct Greeting: SchemaRepresentable {
        let name: String
        let times: Int
        static let schema = Object(Greeting.init) {
            Field("name", \.name)
            Field("times", \.times)
        }
    }

    @Test("are messages of Celery's protocol 2")
    func message() throws {
        var message = CeleryMessage("tasks.add", 2, "it's", [true])
        message.priority = 7
        message.eta = Timestamp(microseconds: 1_700_000_000_000_000)
        let value = try JSONValue.parse(message.body(origin: "test@here"))
        #expect(value["headers"]?["task"]?.text == "tasks.add")
        #expect(value["headers"]?["id"]?.text == message.id)
        #expect(value["headers"]?["eta"]?.text == "2023-11-14T22:13:20.000000Z")
        #expect(value["headers"]?["argsrepr"]?.text == #"(2, 'it\'s', [True])"#)
        #expect(value["properties"]?["delivery_info"]?["routing_key"]?.text == "celery")
        #expect(value["properties"]?["delivery_tag"]?.text?.utf8.count == 36)
        #expect(message.list == "celery\u{6}\u{16}6")
        // base64 of [[2,"it's",[true]],{},{"callbacks":null,...}]
        #expect(
            value["body"]?.text?.hasPrefix("W1syLCJpdCdzIixbdHJ1ZV1dLHt9LHsiY2FsbGJhY2tzIjpudWxsLC") == true)
        let named = CeleryMessage("tasks.greet", named: Greeting(name: "Ada", times: 2))
        let kwargs = try JSONValue.parse(named.body(origin: ""))["headers"]?["kwargsrepr"]?.text
        #expect(kwargs == "{'name': 'Ada', 'times': 2}")
        #expect(CeleryMessage("tasks.add", 1).body(origin: "") != [])
        #expect(PythonLiteral.tuple(Array("[1]".utf8)) == "(1,)")
    }

    @Test("go to a Redis by its connection, and their results come back")
    func redis() async throws {
        let broker = try TestBroker()
        let celery = try Celery(try #require(RedisURL("redis://127.0.0.1:\(broker.port)/0")))
        let message = CeleryMessage("tasks.add", 2, 3)
        try await celery.send(message)
        let worker = try broker.client()
        let taken = try await worker("BRPOP", "celery", "0").elements?.last?.text
        #expect(taken?.contains(message.id) == true)
        #expect(try await celery.result(of: message.id) == nil)
        _ = try await worker(
            "SETEX", "celery-task-meta-\(message.id)", "100",
            #"{"status": "SUCCESS", "result": 5, "traceback": null}"#)
        let result = try await celery.result(of: message.id)
        #expect(result?.status == "SUCCESS")
        #expect(result?.isFinal == true)
        if case .integer(5)? = result?.result {} else { Issue.record("another result") }
        celery.close()
        await #expect(throws: (any Error).self) { try await celery.send(message) }
        let nowhere = try Celery(try #require(RedisURL("redis://127.0.0.1:1/0")))
        await #expect(throws: BrokerError.self) { try await nowhere.send(message) }
    }

    @Test("go to the embedded broker in a write's transaction, and wake a worker")
    func embedded() async throws {
        let broker = try TestBroker()
        let celery = Celery(broker.broker)
        let worker = try broker.client()
        async let taken = worker("BRPOP", "celery", "0")
        try await broker.wait { $0.waiting == 1 }
        struct Undone: Error {}
        await #expect(throws: Undone.self) {
            try await broker.database.write { connection in
                try celery.send(CeleryMessage("tasks.never"), in: connection)
                throw Undone()
            }
        }
        try await broker.database.write { try celery.send(CeleryMessage("tasks.add", 1, 1), in: $0) }
        #expect(try await taken.elements?.last?.text?.contains("tasks.add") == true)
        try await celery.send(CeleryMessage("tasks.later"))
        #expect(broker.broker.counters.messages == 2)
        #expect(broker.broker.counters.taken == 1)
        #expect(try await celery.result(of: "x") == nil)
    }

    @Test(
        "are sent where a URL says",
        arguments: [
            ("redis://localhost", "redis://localhost:6379/0"), ("redis://h:1/2", "redis://h:1/2"),
            ("redis://:a%40b@h:1/", "redis://:***@h:1/0"), ("redis://u:p@[::1]:7", "redis://u:***@[::1]:7/0"),
            ("redis+socket:///run/r.sock?virtual_host=3", "redis+socket:///run/r.sock?virtual_host=3"),
            ("rediss://h", nil), ("redis://", nil), ("redis://h:0", nil), ("redis://h:x", nil),
            ("redis://h/16", nil), ("redis://:%zz@h", nil),
            ("http://h", nil), ("redis://a:b:c", nil), ("redis+socket:///", nil),
            ("redis+socket:///a?db=1", nil),
        ])
    func urls(text: String, description: String?) {
        #expect(RedisURL(text)?.description == description)
    }

    @Test(
        "have a broker that listens where it is told",
        arguments: [
            ("127.0.0.1:6399", true), ("[::1]:1", true), ("/run/b.sock", true), ("0.0.0.0:1", false),
            ("host:1", false), ("localhost:1", true),
        ])
    func addresses(text: String, isLocal: Bool) {
        #expect(BrokerAddress(text)?.description == text)
        #expect(BrokerAddress(text)?.isLocal == isLocal)
        for wrong in ["", "h", ":1", "h:", "h:70000", "::1:5", "a/b:1", String(repeating: "/x", count: 60)] {
            #expect(BrokerAddress(wrong) == nil)
        }
    }

    @Test("reach a broker by a Unix socket")
    func unixSocket() async throws {
        let directory = try ScratchDirectory(names: "b.sock")
        let path = directory.path + "/b.sock"
        let broker = try TestBroker { $0.address = .unix(path) }
        let celery = try Celery(try #require(RedisURL("redis+socket://\(path)")))
        try await celery.send(CeleryMessage("tasks.add"))
        #expect(broker.broker.counters.pushed == 1)
        celery.close()
        broker.close()
    }
}
