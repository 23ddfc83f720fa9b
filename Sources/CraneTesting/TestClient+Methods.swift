import CraneHTTP
public import HTTPTypes

extension TestClient {
    /// Sends `GET`; the target is path and query, percent-encoded.
    public func get(_ target: String, headers: HTTPFields = HTTPFields()) async throws -> TestResponse {
        try await send(TestRequest(.get, target, headers: headers))
    }

    /// Sends `HEAD`.
    public func head(_ target: String, headers: HTTPFields = HTTPFields()) async throws -> TestResponse {
        try await send(TestRequest(.head, target, headers: headers))
    }

    /// Sends `OPTIONS`.
    public func options(_ target: String, headers: HTTPFields = HTTPFields()) async throws -> TestResponse {
        try await send(TestRequest(.options, target, headers: headers))
    }

    /// Sends `DELETE`, without a body.
    public func delete(_ target: String, headers: HTTPFields = HTTPFields()) async throws -> TestResponse {
        try await send(TestRequest(.delete, target, headers: headers))
    }

    /// Sends `json` as `application/json`; nothing without it.
    public func post(
        _ target: String, json: String? = nil, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await send(.init(.post, target, json: json, headers: headers))
    }

    /// Sends `json` as `application/json`; nothing without it.
    public func put(
        _ target: String, json: String? = nil, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await send(.init(.put, target, json: json, headers: headers))
    }

    /// Sends `json` as `application/json`; nothing without it.
    public func patch(
        _ target: String, json: String? = nil, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await send(.init(.patch, target, json: json, headers: headers))
    }

    /// Sends a form as `application/x-www-form-urlencoded`.
    public func post(
        _ target: String, form: KeyValuePairs<String, String>, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(
            TestRequest(.post, target, headers: headers, body: Array(formEncoded(form).utf8)))
    }
}

extension TestRequest {
    /// A request with a JSON body.
    init(_ method: HTTPRequest.Method, _ target: String, json: String?, headers: HTTPFields) {
        self.init(method, target, headers: headers, body: Array((json ?? "").utf8))
        if json != nil, headers[.contentType] == nil { self.headers[.contentType] = "application/json" }
    }
}
