public import CraneSchema
public import HTTPTypes

/// What came back: the whole response, its body read to the end.
public struct TestResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status
    /// Its fields, trailers not among them.
    public var headers: HTTPFields
    /// The body, taken out of chunks.
    public var body: [UInt8]

    /// A response put together by a transport of your own.
    public init(status: HTTPResponse.Status, headers: HTTPFields, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as UTF-8.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; throws for one that is not.
    public func json() throws -> JSONValue { try JSONValue.parse(body) }

    /// The body as a value of a type that describes itself; throws what does not fit.
    public func decoded<Value: SchemaRepresentable>(as type: Value.Type = Value.self) throws -> Value {
        try Value.schema.decode(body)
    }
}
