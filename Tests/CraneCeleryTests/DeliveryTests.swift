import CraneRESP
import TestSupport
import Testing

@testable import CraneCelery

@Suite("Messages with workers", .timeLimit(.minutes(2)))
struct DeliveryTests {
    @Test("go to those who wait, in the order in which they came")
    func order() async throws {
        let broker = try TestBroker()
        let given = Journal<Int>()
        var waiting: [Task<Void, any Error>] = []
        for number in 1...4 {
            let client = try broker.client()
            waiting.append(
                Task {
                    let answer = try await client("BRPOP", "other", "q", "0")
                    #expect(answer == .array([.bulk("q"), .bulk("\(number)")]))
                    given.note(number)
                })
            try await broker.wait { $0.waiting == number }
        }
        let client = try broker.client()
        #expect(try await client("LPUSH", "q", "1") == .integer(1))
        try await given.wait(forCount: 1)
        #expect(try await client("LPUSH", "q", "2", "3") == .integer(2))
        try await given.wait(forCount: 3)
        #expect(
            try await client.send([["MULTI"], ["LPUSH", "q", "4"], ["LPUSH", "other2", "5"], ["EXEC"]]).count
                == 4)
        try await given.wait(forCount: 4)
        for task in waiting { try await task.value }
        #expect(Set(given.entries) == [1, 2, 3, 4])
        try await broker.wait { $0.waiting == 0 }
    }

    @Test("are not waited for longer than said, and not by a client that has gone")
    func timeOut() async throws {
        let broker = try TestBroker()
        let (client, gone, last) = (try broker.client(), try broker.client(), try broker.client())
        async let answer = client("BRPOP", "q", "100")
        try await broker.wait { $0.waiting == 1 }
        broker.broker.skip(.seconds(101))
        #expect(try await answer == .nullArray)
        let left = Task { try await gone("BRPOP", "q", "0") }
        try await broker.wait { $0.waiting == 1 }
        async let message = last("BRPOP", "q", "0")
        try await broker.wait { $0.waiting == 2 }
        gone.close()
        await #expect(throws: (any Error).self) { try await left.value }
        try await broker.wait { $0.waiting == 1 }
        #expect(try await client("LPUSH", "q", "x") == .integer(1))
        #expect(try await message == .array([.bulk("q"), .bulk("x")]))
    }

    @Test(
        "go to another worker when the connection that took them is gone for the grace, and to nobody else before"
    )
    func redelivery() async throws {
        let broker = try TestBroker()
        let (client, worker) = (try broker.client(), try broker.client())
        for tag in ["acked", "held", "unregistered"] {
            _ = try await client("LPUSH", "celery", TestBroker.message(tag))
        }
        _ = try await client("LPUSH", "celery", TestBroker.message("reply", task: nil))
        for _ in 1...4 { #expect(try await worker("BRPOP", "celery", "1") != .nullArray) }
        for tag in ["acked", "held"] {
            #expect(
                try await worker.send([
                    ["MULTI"], ["ZADD", "unacked_index", "1", tag], ["HSET", "unacked", tag, "[]"], ["EXEC"],
                ]).last == .array([.integer(1), .integer(1)]))
        }
        #expect(broker.broker.counters.taken == 3)
        #expect(
            try await worker("HGET", "unacked", "held")
                == .bulk("[\(TestBroker.message("held")), \"\", \"celery\"]"))
        worker.close()
        try await broker.wait { $0.connections == 1 }
        // It acknowledges by another connection, as a worker does that stops in good order.
        #expect(
            try await client.send([
                ["MULTI"], ["ZREM", "unacked_index", "acked"], ["HDEL", "unacked", "acked"], ["EXEC"],
            ]).last == .array([.integer(1), .integer(1)]))
        #expect(try await client("LLEN", "celery") == .integer(0))
        broker.broker.skip(.seconds(59))
        #expect(try await client("LLEN", "celery") == .integer(0))
        broker.broker.skip(.seconds(2))
        try await broker.wait { $0.taken == 0 }
        for tag in ["held", "unregistered"] {
            let answer = try await client("BRPOP", "celery", "0")
            guard let message = answer.elements?.last?.text else {
                Issue.record("\(answer)")
                return
            }
            #expect(message.contains(#""delivery_tag":"\#(tag)""#))
            #expect(message.contains(#""redelivered":true"#))
        }
        #expect(try await client("LLEN", "celery") == .integer(0))
        #expect(broker.broker.counters.returned == 2)
    }

    @Test("are put back by their worker once, whoever else does so")
    func putBackByWorker() async throws {
        let broker = try TestBroker()
        let (client, other) = (try broker.client(), try broker.client())
        _ = try await client("LPUSH", "celery", TestBroker.message("a"))
        #expect(try await client("BRPOP", "celery", "0") != .nullArray)
        for worker in [client, other] {
            _ = try await worker.send([["WATCH", "unacked"], ["HGET", "unacked", "a"]])
        }
        func putBack(_ worker: TestClient) async throws -> RESPValue? {
            try await worker.send([
                ["MULTI"], ["ZREM", "unacked_index", "a"], ["HDEL", "unacked", "a"],
                ["RPUSH", "celery", TestBroker.message("a")], ["EXEC"],
            ]).last
        }
        #expect(try await putBack(client) == .array([.integer(1), .integer(1), .integer(1)]))
        #expect(try await putBack(other) == .nullArray)
        #expect(try await client("LLEN", "celery") == .integer(1))
    }

    @Test("outlive the broker, with results and without replies")
    func restart() async throws {
        let directory = try ScratchDirectory(names: "broker.db", "broker.db-wal", "broker.db-shm")
        let path = directory.path + "/broker.db"
        do {
            let broker = try TestBroker(path: path)
            let client = try broker.client()
            for tag in ["one", "two"] { _ = try await client("LPUSH", "celery", TestBroker.message(tag)) }
            _ = try await client("LPUSH", "reply", TestBroker.message("reply", task: nil, mode: 1))
            _ = try await client("SETEX", "celery-task-meta-1", "1000", "{}")
            _ = try await client("SADD", "_kombu.binding.celery", "a")
            #expect(try await client("BRPOP", "celery", "0") != .nullArray)
            client.close()
            broker.close()
        }
        let broker = try TestBroker(path: path)
        let client = try broker.client()
        #expect(try await client("LLEN", "celery") == .integer(1))
        #expect(try await client("LLEN", "reply") == .integer(0))
        #expect(try await client("GET", "celery-task-meta-1") == .bulk("{}"))
        #expect(try await client("SMEMBERS", "_kombu.binding.celery") == .array([.bulk("a")]))
        #expect(broker.broker.counters.taken == 1)
        broker.broker.skip(.seconds(61))
        try await broker.wait { $0.taken == 0 }
        let answer = try await client("BRPOP", "celery", "0")
        #expect(answer.elements?.last?.text?.contains(#""delivery_tag":"one""#) == true)
        // A new message does not come before the old one.
        #expect(try await client("LPUSH", "celery", TestBroker.message("three")) == .integer(2))
        #expect(try await client("RPOP", "celery").text?.contains(#""delivery_tag": "two""#) == true)
    }
}
