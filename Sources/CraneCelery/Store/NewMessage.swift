import CraneSchema

/// A message of kombu's, and what the broker has to know of it.
struct NewMessage: Sendable {
    struct Facts: Sendable {
        /// By which a worker acknowledges it.
        var tag: String?
        /// The task's name and id; a message without is none of Celery's tasks, a reply or an event for instance.
        var task: String?
        var taskID: String?
        /// Whether it is not meant to outlive the broker, as replies are not (AMQP's delivery mode 1).
        var isTransient = false
        var isRedelivered = false
    }

    let body: [UInt8]
    let facts: Facts

    /// Reads what is said of the message; one that is no message of kombu's has no facts.
    init(_ body: [UInt8]) {
        self.body = body
        var facts = Facts()
        if let message = try? JSONValue.parse(body) {
            let (headers, properties) = (message["headers"], message["properties"])
            facts.tag = properties?["delivery_tag"]?.text
            facts.task = headers?["task"]?.text
            facts.taskID = headers?["id"]?.text
            if case .integer(1) = properties?["delivery_mode"] { facts.isTransient = true }
            if case .bool(true) = headers?["redelivered"] { facts.isRedelivered = true }
        }
        self.facts = facts
    }

    /// The message, its exchange and its routing key, as kombu keeps it for the time that a worker has it.
    static func kept(_ body: [UInt8]) -> [UInt8] {
        let info = (try? JSONValue.parse(body))?["properties"]?["delivery_info"]
        let ends = [info?["exchange"], info?["routing_key"]].map { $0 ?? .string("") }
        return Array("[".utf8) + body
            + ends.flatMap { end in
                Array(", ".utf8) + JSONWriter.bytes { $0.value(end) }
            } + Array("]".utf8)
    }

    /// The message with the mark that it was given out before.
    static func redelivered(_ body: [UInt8]) -> [UInt8] {
        guard var message = try? JSONValue.parse(body) else { return body }
        message.set(["headers", "redelivered"], .bool(true))
        message.set(["properties", "delivery_info", "redelivered"], .bool(true))
        return JSONWriter.bytes(capacity: body.count + 64) { $0.value(message) }
    }
}

extension JSONValue {
    /// The text of a string.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// Sets a member of objects in each other; where one of them is missing nothing is set.
    mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
        guard case .object(var members) = self, let key = path.first else { return }
        let index = members.firstIndex { $0.key == key }
        if path.count == 1 {
            if let index { members[index].value = value } else { members.append(Member(key, value)) }
        } else if let index {
            members[index].value.set(path.dropFirst(), value)
        }
        self = .object(members)
    }

    mutating func set(_ path: [String], _ value: JSONValue) { set(path[...], value) }
}
