import CraneRESP
public import CraneRedis
public import CraneSQLite
public import CraneSchema
import CraneSystem

/// Where tasks for Celery's workers go: a Redis, or the broker in this service's own database. Any thread.
public final class Celery: Sendable {
    enum Place {
        case redis(RedisClient)
        case embedded(CeleryBroker)
    }

    let place: Place
    private let origin: String

    /// Sends to a Redis, which is connected to when it is needed.
    ///
    /// - Throws: when the system has no more threads or descriptors.
    public init(_ url: RedisURL, origin: String = "crane") throws {
        place = .redis(try RedisClient(url))
        self.origin = "\(origin)@\(SystemName.host)"
    }

    /// Sends to the broker, without a connection.
    public init(_ broker: CeleryBroker, origin: String = "crane") {
        place = .embedded(broker)
        self.origin = "\(origin)@\(SystemName.host)"
    }

    /// Ends the connection; what is under way fails. Blocks the calling thread.
    public func close() {
        if case .redis(let client) = place { client.close() }
    }

    /// Sends a task; returns when the broker has it, which with the embedded one means on the disk.
    ///
    /// - Throws: `BrokerError`: the task may have been sent all the same, when an answer did not come.
    public func send(_ message: CeleryMessage) async throws {
        let body = message.body(origin: origin)
        switch place {
        case .redis(let client):
            _ = try await Self.translated {
                try await client.send([[Array("LPUSH".utf8), Array(message.list.utf8), body]])
            }
        case .embedded(let broker): try await broker.push(body, into: message.list)
        }
    }

    /// Sends a task with a write's transaction, to the embedded broker: it is there when what else was written is.
    ///
    /// - Throws: `BrokerError` for a Redis, which no transaction of the database reaches.
    public func send(_ message: CeleryMessage, in connection: Connection) throws {
        guard case .embedded(let broker) = place else {
            throw BrokerError("a Redis takes no part in a transaction: enqueue a job that sends the task")
        }
        try broker.push(message.body(origin: origin), into: message.list, in: connection)
    }

    /// What has become of a task; `nil` while no worker has told.
    public func result(of id: String) async throws -> CeleryResult? {
        let key = Array("celery-task-meta-\(id)".utf8)
        switch place {
        case .redis(let client):
            let answers = try await Self.translated { try await client.send([[Array("GET".utf8), key]]) }
            guard case .bulk(let json)? = answers.first else { return nil }
            return CeleryResult(json)
        case .embedded(let broker): return try broker.value(key).flatMap { CeleryResult($0) }
        }
    }

    /// What fails at the Redis fails at the broker.
    private static func translated(_ body: () async throws -> [RESPValue]) async throws -> [RESPValue] {
        do { return try await body() } catch let error as RedisError { throw BrokerError(error.description) }
    }
}

/// What a worker has told of a task.
public struct CeleryResult: Sendable {
    /// `PENDING`, `STARTED`, `RETRY`, `SUCCESS`, `FAILURE` or `REVOKED`, or a state of the task's own.
    public let status: String
    /// What the task has returned, or for a failure `exc_type`, `exc_message` and `exc_module`.
    public let result: JSONValue
    public let traceback: String?

    /// Reads what Celery keeps of a result; `nil` for what it is not.
    init?(_ json: [UInt8]) {
        guard let value = try? JSONValue.parse(json), let status = value["status"]?.text else { return nil }
        self.status = status
        result = value["result"] ?? .null
        traceback = value["traceback"]?.text
    }

    /// Whether nothing more comes.
    public var isFinal: Bool { ["SUCCESS", "FAILURE", "REVOKED"].contains(status) }
}

extension CeleryBroker {
    /// Puts a message into a queue of database 0; returns when it is on the disk.
    func push(_ body: [UInt8], into list: String) async throws {
        let core = core
        try await core.database.write { connection in try core.push(body, into: list, in: connection) }
    }

    func push(_ body: [UInt8], into list: String, in connection: Connection) throws {
        try core.push(body, into: list, in: connection)
    }

    func value(_ key: [UInt8]) throws -> [UInt8]? {
        try core.database.read { connection in
            let keys = core.keys(connection)
            return try keys.value(keys.name(key))
        }
    }
}

extension BrokerCore {
    /// The keys of database 0; any thread that has the connection.
    func keys(_ connection: Connection) -> KeySpace {
        KeySpace(connection, database: 0, now: Int(SystemTime.wall() / 1000), tally: tally)
    }

    func push(_ body: [UInt8], into list: String, in connection: Connection) throws {
        guard body.count <= configuration.limits.commandBytes else {
            throw BrokerError("a task of more than \(configuration.limits.commandBytes) bytes")
        }
        var keys = keys(connection)
        do {
            _ = try keys.push([NewMessage(body)], into: keys.name(Array(list.utf8)), at: .left)
        } catch let error as CommandError {
            throw BrokerError(error.text)
        }
        watches.touch(keys.changes)
        connection.note(keys.changes)
    }
}

/// What the system calls this machine.
enum SystemName {
    static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        // The array lives for the call, and its last byte stays 0.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
