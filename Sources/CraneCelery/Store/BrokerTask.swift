public import CraneSQLite
public import CraneSchema

/// A task of Celery's as the broker in the database knows it: a message that waits or that a worker has, or the result it has left.
public struct BrokerTask: Hashable, Sendable {
    /// Where a task stands.
    public enum State: String, Sendable, CaseIterable {
        case waiting
        case running
        /// `SUCCESS`.
        case done
        /// `FAILURE`.
        case failed
        /// `REVOKED`.
        case revoked
    }

    public let id: String
    public let state: State
    /// Its name; `nil` for a result, which does not say it unless `result_extended` is set.
    public let name: String?
    /// `nil` for a result.
    public let queue: String?
    /// When the message came, or the task ended.
    public let at: Timestamp?
    /// When a worker took it.
    public let takenAt: Timestamp?
    /// How often it was given out before, to workers that are gone.
    public let returned: Int
    /// What Celery keeps of the result, or of the exception.
    public let result: JSONValue?
    public let traceback: String?
}

extension BrokerTask {
    private static let resultPrefix = "0/celery-task-meta-"

    /// Tasks of the broker's database 0, the newest first: what waits or runs, then results.
    ///
    /// Reads some thousand rows at most for those of one state, and blocks the calling thread meanwhile.
    /// - Parameters:
    ///   - state: only those of one state.
    ///   - text: a part of a task's name, or its id.
    ///   - limit: how many messages and how many results at most.
    ///   - connection: where the migration `celery` has been applied.
    public static func recent(
        state: State? = nil, text: String? = nil, limit: Int, _ connection: Connection
    ) throws -> [BrokerTask] {
        let messages = try messages(where: "task IS NOT NULL ORDER BY id DESC", connection)
        let ids = Set(messages.map(\.id))
        let results = try results(connection).filter { !ids.contains($0.id) }
        let suits = { (task: BrokerTask) in
            (state == nil || task.state == state)
                && (text.map { task.id == $0 || task.name?.contains($0) ?? false } ?? true)
        }
        return Array(messages.filter(suits).prefix(limit)) + results.filter(suits).prefix(limit)
    }

    /// The task of this id; `nil` when the broker knows none.
    public static func find(_ id: String, _ connection: Connection) throws -> BrokerTask? {
        let message = try messages(where: "task_id = :id AND task IS NOT NULL", id: id, connection).first
        if let message { return message }
        let rows = try connection.prepare("SELECT value FROM celery_key WHERE name = :name AND kind = 1")
        try rows.bind("name", resultPrefix + id)
        return try rows.step() ? BrokerTask(id, try rows.blob("value")) : nil
    }

    /// How many rows are looked at.
    private static let bound = 5000

    private static func messages(
        where condition: String, id: String? = nil, _ connection: Connection
    ) throws -> [BrokerTask] {
        let rows = try connection.prepare(
            """
            SELECT task_id, task, substr(queue, 3) AS queue, created_at, taken_at, returned FROM celery_message
            WHERE queue GLOB '0/*' AND \(condition) LIMIT :bound
            """ as String)
        if let id { try rows.bind("id", id) }
        try rows.bind("bound", bound)
        var tasks: [BrokerTask] = []
        while try rows.step() {
            let takenAt = try rows.value("taken_at", as: Int?.self).map { Timestamp(microseconds: $0) }
            tasks.append(
                BrokerTask(
                    id: try rows.value("task_id", as: String?.self) ?? "",
                    state: takenAt == nil ? .waiting : .running, name: try rows.text("task"),
                    queue: try rows.text("queue"), at: Timestamp(microseconds: try rows.int("created_at")),
                    takenAt: takenAt, returned: try rows.int("returned"), result: nil, traceback: nil))
        }
        return tasks
    }

    private static func results(_ connection: Connection) throws -> [BrokerTask] {
        // By the row's number, and not by the name's index, so that the newest come first without being sorted.
        let rows = try connection.prepare(
            """
            SELECT name, value FROM celery_key WHERE kind = 1 AND +name GLOB '0/celery-task-meta-*'
            ORDER BY id DESC LIMIT :bound
            """)
        try rows.bind("bound", bound)
        var tasks: [BrokerTask] = []
        while try rows.step() {
            let id = String(try rows.text("name").dropFirst(resultPrefix.count))
            if let task = BrokerTask(id, try rows.blob("value")) { tasks.append(task) }
        }
        return tasks
    }

    /// Reads what Celery keeps of a result; `nil` for what it is not.
    private init?(_ id: String, _ json: [UInt8]) {
        guard let value = try? JSONValue.parse(json), let status = value["status"]?.text else { return nil }
        self.id = id
        state =
            switch status {
            case "SUCCESS": .done
            case "FAILURE": .failed
            case "REVOKED": .revoked
            case "RETRY", "PENDING": .waiting
            default: .running
            }
        name = value["name"]?.text
        queue = value["queue"]?.text
        // Without a zone: Celery's times are UTC.
        at = value["date_done"]?.text.flatMap { text in
            try? Timestamp.schema.validated(
                .string(text.contains("+") || text.hasSuffix("Z") ? text : text + "Z"))
        }
        takenAt = nil
        returned = 0
        result = value["result"]
        traceback = value["traceback"]?.text
    }
}
