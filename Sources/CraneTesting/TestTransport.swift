/// How a test's requests reach the application: in memory or through a socket.
public protocol TestTransport: Sendable {
    /// Sends a request to `host` and reads the response to its end.
    func exchange(_ request: TestRequest, host: String) async throws -> TestResponse

    /// Sends a handshake to `host`; the connection stays open when the response is 101.
    func open(_ handshake: TestRequest, host: String) async throws -> TestOpening

    /// Has the application's set-up run, where no request has done so; nothing for what is set up already.
    func start() async throws

    /// Ends the application: its background work, and what its set-up has made.
    func close() async throws
}

extension TestTransport {
    public func start() async throws {}
    public func close() async throws {}
}

/// What became of a handshake.
public enum TestOpening: Sendable {
    /// The response's head, and the connection behind it.
    case accepted(TestResponse, any TestConnection)
    /// The whole response.
    case refused(TestResponse)
}

/// The test's end of a connection that has left HTTP.
public protocol TestConnection: Sendable {
    func send(_ bytes: [UInt8]) async throws

    /// What has come, one byte at least, or none at the connection's end; `nil` when neither comes within `time`. One caller at a
    /// time.
    func receive(within time: Duration) async throws -> [UInt8]?

    /// Ends the connection at once.
    func breakOff()
}
