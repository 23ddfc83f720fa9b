import CraneRESP
import CraneRedis
import CraneSQLite
import Logging
import TestSupport

@testable import CraneCelery

/// A broker on a free port, with clients.
final class TestBroker: Sendable {
    let database: Database
    let broker: CeleryBroker
    let log = Journal<String>()

    /// - Parameter path: of the database; in memory without one.
    init(path: String? = nil, _ change: (inout CeleryBroker.Configuration) -> Void = { _ in }) throws {
        var place = Database.Configuration(path.map { .file($0) } ?? .memory)
        place.loopReaders = 0
        database = try Database(place)
        _ = try database.migrate([.celery(1)])
        var configuration = CeleryBroker.Configuration()
        configuration.address = .host("127.0.0.1", port: 0)
        change(&configuration)
        let log = log
        broker = try CeleryBroker(
            database, configuration, logger: Logger(label: "test") { _ in JournalLog(journal: log) })
    }

    deinit { close() }

    func close() {
        broker.close()
        database.close()
    }

    var port: Int {
        guard case .host(_, let port) = broker.address else { return 0 }
        return port
    }

    func client(_ database: Int = 0) throws -> TestClient {
        guard let url = RedisURL("redis://127.0.0.1:\(port)/\(database)") else { throw BrokerError("no URL") }
        return TestClient(client: try RedisClient(url, patience: .seconds(60)))
    }

    /// Waits until the counters say so, for as long as the test's time limit lets it.
    func wait(until condition: (BrokerCounters) -> Bool) async throws {
        while !condition(broker.counters) { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// A message of a task, as kombu has it.
    static func message(_ tag: String, task: String? = "tasks.add", mode: Int = 2) -> String {
        let headers = task.map { #""task": "\#($0)", "id": "id-\#(tag)""# } ?? ""
        return #"""
            {"body": "W10=", "headers": {\#(headers)}, "properties": {"delivery_tag": "\#(tag)", "delivery_mode": \#(mode), "delivery_info": {"exchange": "", "routing_key": "celery"}}}
            """#
    }
}

/// A client with one connection.
struct TestClient: Sendable {
    let client: RedisClient

    /// Sends a command and returns its answer, an error too.
    func callAsFunction(_ words: String...) async throws -> RESPValue {
        try await send([words])[0]
    }

    /// Sends commands together.
    func send(_ commands: [[String]]) async throws -> [RESPValue] {
        try await client.answers(commands.map { command in command.map { Array($0.utf8) } })
    }

    func close() { client.close() }
}

/// A log that is written down.
private struct JournalLog: LogHandler {
    let journal: Journal<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    init(journal: Journal<String>) { self.journal = journal }

    func log(event: LogEvent) {
        let metadata = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        journal.note("\(event.level): \(event.message) \(metadata)")
    }
}
