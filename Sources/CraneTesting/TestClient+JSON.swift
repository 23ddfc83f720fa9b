public import CraneSchema
public import HTTPTypes

// A string is JSON text already, which the methods of these names without `@_disfavoredOverload` take.
extension TestClient {
    /// Sends a value that describes itself as `application/json`.
    @_disfavoredOverload
    public func post(
        _ target: String, json: some SchemaRepresentable, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await post(target, json: Self.text(json), headers: headers)
    }

    /// Sends a tree as `application/json`: `client.post("/notes/1", json: ["stars": 3, "tag": nil])`.
    @_disfavoredOverload
    public func post(
        _ target: String, json: JSONValue, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await post(target, json: Self.text(json), headers: headers)
    }

    /// Sends a value that describes itself as `application/json`.
    @_disfavoredOverload
    public func put(
        _ target: String, json: some SchemaRepresentable, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await put(target, json: Self.text(json), headers: headers)
    }

    /// Sends a tree as `application/json`: `client.put("/notes/1", json: ["stars": 3, "tag": nil])`.
    @_disfavoredOverload
    public func put(
        _ target: String, json: JSONValue, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await put(target, json: Self.text(json), headers: headers)
    }

    /// Sends a value that describes itself as `application/json`.
    @_disfavoredOverload
    public func patch(
        _ target: String, json: some SchemaRepresentable, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await patch(target, json: Self.text(json), headers: headers)
    }

    /// Sends a tree as `application/json`: `client.patch("/notes/1", json: ["stars": 3, "tag": nil])`.
    @_disfavoredOverload
    public func patch(
        _ target: String, json: JSONValue, headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        try await patch(target, json: Self.text(json), headers: headers)
    }

    private static func text<Value: SchemaRepresentable>(_ value: Value) -> String {
        String(decoding: Value.schema.encode(value), as: UTF8.self)
    }
}
