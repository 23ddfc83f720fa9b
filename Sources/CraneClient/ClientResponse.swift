public import CraneSchema
public import HTTPTypes

/// What another server has answered, its body read to the end.
public struct ClientResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status
    /// Its fields; `Content-Encoding` and `Content-Length` are those of the body as it was sent.
    public var headers: HTTPFields
    /// The body, decompressed and taken out of chunks.
    public var body: [UInt8]
    /// The URL that has answered: the request's, or where redirects have led.
    public var url: String

    /// A response of a mock.
    public init(
        status: HTTPResponse.Status, headers: HTTPFields = HTTPFields(), body: [UInt8] = [], url: String = ""
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }

    /// `application/json` from text that is JSON already, for a mock.
    public static func json(_ json: String, status: HTTPResponse.Status = .ok) -> ClientResponse {
        ClientResponse(
            status: status, headers: [.contentType: "application/json"], body: Array(json.utf8))
    }

    /// `application/json` of a value that describes itself, for a mock.
    @_disfavoredOverload
    public static func json(
        _ value: some SchemaRepresentable, status: HTTPResponse.Status = .ok
    ) -> ClientResponse {
        ClientResponse(
            status: status, headers: [.contentType: "application/json"],
            body: type(of: value).schema.encode(value))
    }

    /// `application/json` of a tree, for a mock: `.json(["degrees": 27])`.
    @_disfavoredOverload
    public static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> ClientResponse {
        ClientResponse(
            status: status, headers: [.contentType: "application/json"], body: JSONValue.schema.encode(value))
    }

    /// `text/plain` in UTF-8, for a mock.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> ClientResponse {
        ClientResponse(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// The body as UTF-8.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; throws ``HTTPClientError/Code/unexpectedResponse`` for one that is not.
    public func json() throws -> JSONValue {
        do {
            return try JSONValue.parse(body)
        } catch {
            throw HTTPClientError(.unexpectedResponse, origin, "the body is not JSON: \(error)")
        }
    }

    /// The body as a value of a type that describes itself; throws ``HTTPClientError/Code/unexpectedResponse`` for one that does
    /// not fit.
    public func decoded<Value: SchemaRepresentable>(as type: Value.Type = Value.self) throws -> Value {
        do {
            return try Value.schema.decode(body)
        } catch {
            throw HTTPClientError(.unexpectedResponse, origin, "the body is no \(Value.self): \(error)")
        }
    }

    /// The response itself, if its status is of the 200s; throws ``HTTPClientError/Code/unexpectedStatus`` otherwise.
    @discardableResult
    public func requireSuccess() throws -> ClientResponse {
        guard (200..<300).contains(status.code) else {
            throw HTTPClientError(.unexpectedStatus, origin, "\(status.code)")
        }
        return self
    }

    private var origin: String { ClientRequest(.get, url).origin }
}
