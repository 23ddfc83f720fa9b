import CraneHTTP
public import HTTPTypes

extension TestClient {
    /// Opens a WebSocket, with the client's cookies, through the same middleware, inputs and overrides as any request.
    ///
    /// ```swift
    /// let socket = try await client.webSocket("/rooms/7?name=ada")
    /// try await socket.send("hello")
    /// #expect(try await socket.next() == .text("ada: hello"))
    /// try await socket.close()
    /// ```
    /// Throws `WebSocketRefusal` with the response when the handshake is refused.
    /// - Parameters:
    ///   - target: the path, with its query where it has one.
    ///   - headers: sent too, and in the place of the handshake's own where they have the same name.
    ///   - subprotocols: what the client would speak, the dearest first.
    ///   - timeout: how long the socket's methods wait for the server before they throw `TestFailure`.
    public func webSocket(
        _ target: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = [],
        timeout: Duration = .seconds(5)
    ) async throws -> TestWebSocket {
        let key = WebSocketHandshake.makeKey()
        var fields: HTTPFields = [
            .connection: "Upgrade", .upgrade: "websocket", .secWebSocketVersion: "13",
            .secWebSocketKey: key,
        ]
        if !subprotocols.isEmpty { fields[.secWebSocketProtocol] = subprotocols.joined(separator: ", ") }
        for field in headers { fields[values: field.name] = headers[values: field.name] }
        switch try await open(TestRequest(.get, target, headers: fields)) {
        case .refused(let response):
            throw WebSocketRefusal(response: response)
        case .accepted(let response, let connection):
            let expected = WebSocketHandshake.accept(for: fields[.secWebSocketKey] ?? "")
            guard response.headers[.secWebSocketAccept] == expected else {
                connection.breakOff()
                throw TestFailure("Sec-WebSocket-Accept does not answer the key (RFC 6455, section 4.1)")
            }
            return TestWebSocket(connection, handshake: response, timeout: timeout)
        }
    }
}
