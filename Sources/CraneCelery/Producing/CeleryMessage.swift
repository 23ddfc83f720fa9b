public import CraneSchema
import CraneSystem

/// A call of a Celery task, as a worker of Celery 4 and later takes it (protocol 2,
/// https://docs.celeryq.dev/en/stable/internals/protocol.html).
///
/// ```swift
/// CeleryMessage("tasks.add", 2, 3)
/// CeleryMessage("tasks.greet", named: Greeting(name: "Ada"))
/// ```
/// Sent twice it is run twice, with one id, which the task can know it by (`self.request.id`).
public struct CeleryMessage: Hashable, Sendable {
    /// The task's name, as the worker has it.
    public let task: String
    /// The call's id, a UUID by custom.
    public var id: String
    public var queue = "celery"
    /// From 0, which goes first, to 9.
    public var priority = 0
    /// When it is to be done at the earliest.
    public var eta: Timestamp?
    /// When it need not be done any more.
    public var expires: Timestamp?
    /// Whether nobody wants its result.
    public var ignoresResult = false
    /// The arguments as JSON: a list, and an object.
    let arguments: [UInt8]
    let named: [UInt8]

    /// A call with arguments by their places.
    public init(_ task: String, _ arguments: any SchemaRepresentable...) {
        self.init(
            task, id: UniqueID().description, arguments: Self.json(of: arguments),
            named: Array("{}".utf8))
    }

    /// A call with arguments by their names: the members of a described type.
    public init<Arguments: SchemaRepresentable>(_ task: String, named arguments: Arguments)
    where Arguments.Description == Object<Arguments> {
        self.init(
            task, id: UniqueID().description, arguments: Array("[]".utf8),
            named: JSONWriter.bytes { Arguments.schema.write(arguments, to: &$0) })
    }

    init(_ task: String, id: String, arguments: [UInt8], named: [UInt8]) {
        (self.task, self.id, self.arguments, self.named) = (task, id, arguments, named)
    }

    private static func json(of values: [any SchemaRepresentable]) -> [UInt8] {
        func json<Value: SchemaRepresentable>(_ value: Value) -> [UInt8] {
            JSONWriter.bytes { Value.schema.write(value, to: &$0) }
        }
        var list = Array("[".utf8)
        for value in values { list += (list.count > 1 ? Array(",".utf8) : []) + json(value) }
        return list + Array("]".utf8)
    }

    /// The list that a Redis keeps the queue's messages of this priority in: kombu has four of them.
    public var list: String {
        switch priority {
        case ..<3: queue
        case ..<6: "\(queue)\u{6}\u{16}3"
        case ..<9: "\(queue)\u{6}\u{16}6"
        default: "\(queue)\u{6}\u{16}9"
        }
    }

    /// The message, as kombu puts it into a list of a Redis.
    ///
    /// - Parameter origin: who has sent it, for those who look.
    public func body(origin: String) -> [UInt8] {
        let options = #"{"callbacks":null,"errbacks":null,"chain":null,"chord":null}"#
        let call = Array("[".utf8) + arguments + Array(",".utf8) + named + Array(",\(options)]".utf8)
        let headers: JSONValue = [
            "lang": "py", "task": .string(task), "id": .string(id), "root_id": .string(id), "parent_id": nil,
            "group": nil, "eta": Self.text(eta), "expires": Self.text(expires), "retries": 0,
            "timelimit": [nil, nil], "argsrepr": .string(PythonLiteral.tuple(arguments)),
            "kwargsrepr": .string(PythonLiteral.text(named)), "origin": .string(origin),
            "ignore_result": .bool(ignoresResult),
        ]
        let properties: JSONValue = [
            "correlation_id": .string(id), "reply_to": "", "delivery_mode": 2,
            "delivery_info": ["exchange": "", "routing_key": .string(queue)], "priority": .integer(priority),
            "body_encoding": "base64", "delivery_tag": .string(UniqueID().description),
        ]
        let message: JSONValue = [
            "body": .string(Base64.encode(call)), "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers, "properties": properties,
        ]
        return JSONWriter.bytes(capacity: 2 * call.count + 1024) { $0.value(message) }
    }

    private static func text(_ time: Timestamp?) -> JSONValue {
        time.map { .string($0.description) } ?? .null
    }
}
