import HTTPServer
import HTTPWire
import Logging
import Testing

/// A server on a free port of the loopback address, answering by a closure.
final class RunningServer: Sendable {
    struct Answering: Responder {
        let answer: @Sendable (Request) async -> Response

        func respond(to request: Request) async -> Response { await answer(request) }
    }

    let server: Server
    let addresses: [BindAddress]
    let ended = Journal<Void>()

    init(
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        answer: @escaping @Sendable (Request) async -> Response
    ) throws {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        configure(&configuration)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        server = Server(
            responder: Answering(answer: answer), configuration: configuration, logger: logger)
        addresses = try server.start()
        startThread { [server, ended] in
            server.waitUntilStopped()
            ended.note(())
        }
    }

    /// The first port.
    var port: Int {
        for case .host(_, let port) in addresses { return port }
        return 0
    }

    func connect() async throws -> Client {
        Client(try await RawSocket(port: port))
    }

    /// Returns once the loop has read all that had reached it before: a request of another connection is answered then.
    func turn() async throws {
        let client = try await connect()
        try await client.send("GET /turn HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        _ = try await client.answer()
    }

    /// Waits for the end after a `shutdown`, and looks at what is left.
    func waitForEnd(at location: SourceLocation = #_sourceLocation) async throws {
        try await ended.wait(forCount: 1)
        #expect(server.connectionCount == 0, sourceLocation: location)
        #expect(server.hasClosedEverything, sourceLocation: location)
    }

    /// Ends the server at once.
    func end(at location: SourceLocation = #_sourceLocation) async throws {
        server.shutdown()
        server.shutdown()
        try await waitForEnd(at: location)
    }

    /// Waits until so many connections are open.
    func waitForConnections(_ count: Int) async throws {
        while server.connectionCount != count {
            try Task.checkCancellation()
            // A connection that has ended leaves the count in the same turn of its loop.
            await Task.yield()
        }
    }
}
