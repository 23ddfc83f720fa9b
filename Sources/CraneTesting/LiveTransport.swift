public import Crane
import CraneServer
import CraneSystem

/// The application behind a real server on a port of its own, one connection a request or WebSocket.
public final class LiveTransport: TestTransport {
    /// The port of 127.0.0.1 that the server listens on.
    public let port: UInt16
    /// `nil` where somebody else has started it.
    private let server: Server?

    /// A server on 127.0.0.1 that runs already, in this process or in another; `close` does not end it.
    public init(port: UInt16) {
        self.port = port
        server = nil
    }

    /// Starts a server on 127.0.0.1 with a port that the system chooses; blocks while the application's set-up waits.
    public convenience init(
        _ responder: AppResponder, configuration: ServerConfiguration = ServerConfiguration()
    ) throws {
        let server = Self.server(responder, configuration)
        try self.init(server, try server.start())
    }

    private init(_ server: Server, _ bound: [BindAddress]) throws {
        guard case .host(_, let port)? = bound.first else { throw TestFailure("the server has no port") }
        self.server = server
        self.port = UInt16(port)
    }

    /// The same without a thread that is blocked.
    static func started(_ responder: AppResponder) async throws -> LiveTransport {
        let server = server(responder, ServerConfiguration())
        return try LiveTransport(server, try await server.setUpAndOpen())
    }

    private static func server(_ responder: AppResponder, _ configuration: ServerConfiguration) -> Server {
        var configuration = configuration
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        return Server(responder: responder, configuration: configuration)
    }

    public func exchange(_ request: TestRequest, host: String) async throws -> TestResponse {
        let bytes = request.head(host: host, isLast: true) + request.body
        let port = port
        let received = try await Self.blocking { try BlockingSocket(port: port).exchange(bytes) }
        return try RawResponse(received).response(isHead: request.method == .head)
    }

    public func open(_ handshake: TestRequest, host: String) async throws -> TestOpening {
        let bytes = handshake.head(host: host, isLast: false)
        let port = port
        return try await Self.blocking {
            let connection = LiveConnection(try BlockingSocket(port: port))
            return try connection.open(bytes)
        }
    }

    /// Ends the server when all requests have been answered.
    public func close() async throws {
        guard let server else { return }
        server.shutdown()
        await server.waitUntilStopped()
    }

    /// Blocks a thread of its own: Swift's and Dispatch's are as few as processors.
    static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try SystemThread("client") { continuation.resume(with: Result { try work() }) }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

extension TestClient {
    /// Runs `body` with a client of the application behind a real server, and ends the server.
    public static func live<Value>(
        _ app: App, followsRedirects: Bool = true, _ body: (TestClient) async throws -> Value
    ) async throws -> Value {
        let transport = try await LiveTransport.started(app.build())
        return try await TestClient(transport, host: "127.0.0.1", followsRedirects: followsRedirects)
            .closing(after: body)
    }
}
