/// A handshake that was not accepted: thrown by `TestClient.webSocket`.
public struct WebSocketRefusal: Error, Sendable, CustomStringConvertible {
    /// The response in the place of 101.
    public let response: TestResponse

    public var description: String {
        "the WebSocket handshake was refused with \(response.status): \(response.text)"
    }
}
