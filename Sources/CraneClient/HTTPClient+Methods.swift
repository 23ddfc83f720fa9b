public import HTTPTypes

extension HTTPClient {
    /// Sends `GET`.
    public func get(
        _ url: String, query: KeyValuePairs<String, String> = [:], headers: HTTPFields = HTTPFields(),
        timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(ClientRequest(.get, url, query: query, headers: headers, timeout: timeout))
    }

    /// Sends `HEAD`.
    public func head(
        _ url: String, query: KeyValuePairs<String, String> = [:], headers: HTTPFields = HTTPFields(),
        timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(ClientRequest(.head, url, query: query, headers: headers, timeout: timeout))
    }

    /// Sends `POST`: `http.post("https://api.example/notes", .json(["stars": 3]))`.
    public func post(
        _ url: String, _ body: ClientBody? = nil, query: KeyValuePairs<String, String> = [:],
        headers: HTTPFields = HTTPFields(), timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(
            ClientRequest(.post, url, query: query, headers: headers, body: body, timeout: timeout))
    }

    /// Sends `PUT`.
    public func put(
        _ url: String, _ body: ClientBody? = nil, query: KeyValuePairs<String, String> = [:],
        headers: HTTPFields = HTTPFields(), timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(
            ClientRequest(.put, url, query: query, headers: headers, body: body, timeout: timeout))
    }

    /// Sends `PATCH`.
    public func patch(
        _ url: String, _ body: ClientBody? = nil, query: KeyValuePairs<String, String> = [:],
        headers: HTTPFields = HTTPFields(), timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(
            ClientRequest(.patch, url, query: query, headers: headers, body: body, timeout: timeout))
    }

    /// Sends `DELETE`.
    public func delete(
        _ url: String, query: KeyValuePairs<String, String> = [:], headers: HTTPFields = HTTPFields(),
        timeout: Duration? = nil
    ) async throws -> ClientResponse {
        try await send(ClientRequest(.delete, url, query: query, headers: headers, timeout: timeout))
    }
}
