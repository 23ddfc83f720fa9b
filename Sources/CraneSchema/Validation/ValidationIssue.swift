/// One reason why an input was refused, in pydantic's vocabulary.
public struct ValidationIssue: Sendable {
    /// The machine-readable kind, such as `missing` or `string_too_long`.
    public var type: String
    /// The way to the wrong value, from `body`, `query`, `path`, `header` or `cookie` inwards.
    public var location: [LocationPart]
    /// The sentence for people.
    public var message: String
    /// The refused value, of a long one as much as `JSONValue.echoLength` shows; for `missing`, the object that lacks the
    /// member.
    public var input: JSONValue
    /// The figures that the message is made of, in pydantic's order.
    public var context: [JSONValue.Member]
    /// Whether pydantic would have taken the value, so that the issue is told only where there is no other.
    package var yields = false

    public init(
        type: String, location: [LocationPart], message: String, input: JSONValue,
        context: [JSONValue.Member] = []
    ) {
        self.type = type
        self.location = location.map { part in
            // An escape takes six bytes.
            guard case .key(let key) = part, key.utf8.count > JSONValue.echoLength / 6,
                case .string(let short) = JSONValue.string(key).shortened()
            else { return part }
            return .key(short)
        }
        self.message = message
        self.input = input.shortened()
        self.context = context
    }

    /// The issue of a required value that was not sent.
    public static func missing(_ location: [LocationPart], input: JSONValue = .null) -> ValidationIssue {
        ValidationIssue(type: "missing", location: location, message: "Field required", input: input)
    }
}
