public import CraneSchema

/// One thing that has happened in a topic, with its place in the order of that topic.
///
/// What clients are sent is its JSON with `seq` and `prev` before its own members: `{"seq":8,"prev":7,"kind":"goal",...}`.
public struct FeedEvent<Topic: Hashable & Sendable>: Sendable {
    /// Whose subscribers are told.
    public let topic: Topic
    let frame: FeedFrame

    /// Its number, greater than that of every earlier event of the topic.
    public var sequence: Int { frame.sequence }
    /// The number of the event before it in this topic, 0 for none: by it a client knows that it has missed nothing.
    public var previous: Int { frame.previous }
    /// What it is about, for `Feed.redact`.
    public var key: String? { frame.key }
    /// Its own members as they were given, a JSON object.
    public var json: String { frame.json }

    init(topic: Topic, _ frame: FeedFrame) {
        self.topic = topic
        self.frame = frame
    }

    /// - Parameters:
    ///   - topic: whose subscribers are told.
    ///   - sequence: the number of the event in its topic.
    ///   - previous: the number of the event before it in its topic; 0 for the first.
    ///   - json: an object on one line, such as `{"kind":"goal"}`; traps with anything else.
    ///   - key: what it is about, such as the number of a row; events of the same key can be replaced together.
    public init(topic: Topic, sequence: Int, previous: Int, json: String, key: String? = nil) {
        self.topic = topic
        frame = FeedFrame(sequence: sequence, previous: previous, key: key, json: json)
    }

    /// The same with a value that describes itself as an object.
    public init(
        topic: Topic, sequence: Int, previous: Int, _ value: some SchemaRepresentable, key: String? = nil
    ) {
        self.init(topic: topic, sequence: sequence, previous: previous, json: Self.text(value), key: key)
    }

    private static func text<Value: SchemaRepresentable>(_ value: Value) -> String {
        var writer = JSONWriter(capacity: 256)
        Value.schema.write(value, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
