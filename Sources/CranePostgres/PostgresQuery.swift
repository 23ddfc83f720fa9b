/// A statement with its parameters.
///
/// Values go in by interpolation and become parameters, never text of the statement:
///
/// ```swift
/// let rows = try await database.query("SELECT id, name FROM talk WHERE id > \(last) ORDER BY id LIMIT \(limit)")
/// ```
/// A connection prepares each text once and keeps it. What is no value, as the name of a table, goes in by `\(raw:)`.
public struct PostgresQuery: Sendable, ExpressibleByStringInterpolation {
    /// The statement, with `$1`, `$2` and so on for its parameters.
    public let text: String
    let parameters: PostgresParameters

    /// A statement with parameters apart from its text, for one that is kept in a constant.
    ///
    /// - Parameters:
    ///   - text: the statement, with `$1`, `$2` and so on.
    ///   - parameters: their values, in this order.
    public init<each Value: PostgresEncodable>(_ text: String, _ parameters: repeat each Value) {
        self.text = text
        var encoded = PostgresParameters()
        for value in repeat each parameters { encoded.append(value) }
        self.parameters = encoded
    }

    public init(stringLiteral text: String) {
        self.text = text
        parameters = PostgresParameters()
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        parameters = stringInterpolation.parameters
    }

    /// What the compiler makes of a literal with values in it.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var parameters = PostgresParameters()

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        /// Appends a parameter with this value.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            parameters.append(value)
            text += "$\(parameters.count)"
        }

        /// Appends a parameter with this value, or NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            parameters.append(value)
            text += "$\(parameters.count)"
        }

        /// Appends text of the statement itself, which must come from the program and from nobody else.
        public mutating func appendInterpolation(raw text: String) { self.text += text }
    }
}

/// Parameters of a statement in PostgreSQL's binary form, one behind the other.
struct PostgresParameters: Sendable {
    private(set) var bytes: [UInt8] = []
    /// The bytes of each; -1 for NULL.
    private(set) var lengths: [Int32] = []
    /// The types, by which the server reads them (`pg_type.oid`).
    private(set) var types: [UInt32] = []

    var count: Int { lengths.count }

    mutating func append<Value: PostgresEncodable>(_ value: Value) {
        let start = bytes.count
        let isValue = value.encode(into: &bytes)
        lengths.append(isValue ? Int32(clamping: bytes.count - start) : -1)
        types.append(Value.postgresType)
    }
}
