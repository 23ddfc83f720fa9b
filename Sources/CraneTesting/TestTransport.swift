/// How a test's requests reach the application: in memory or through a socket.
///
/// An exchange is one request and its whole answer. A transport that holds connections open, for WebSockets say, offers them
/// beside this.
public protocol TestTransport: Sendable {
    /// Sends a request to `host` and reads the answer to its end.
    func exchange(_ request: TestRequest, host: String) async throws -> TestResponse
}
