import CraneHTTP
import CraneServer
import Glibc
import Logging
import TestSupport
import Testing

extension ServerConfiguration {
    /// A configuration for tests, with changes.
    static func test(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        // Nothing is too slow for a machine that is busy with other tests: what is to be, `pass` makes so.
        configuration.headTimeout = .seconds(60)
        configuration.bodyRateTerm = .seconds(60)
        configuration.writeTimeout = .seconds(60)
        configuration.shutdownDeadline = .seconds(60)
        change(&configuration)
        return configuration
    }
}

/// A server on a free port of the loopback address, answering by a closure.
final class RunningServer: Sendable {
    final class Answering: Responder {
        let answer: @Sendable (Request) -> EventualResponse
        let refusals: Journal<String>

        init(answer: @escaping @Sendable (Request) -> EventualResponse, refusals: Journal<String>) {
            self.answer = answer
            self.refusals = refusals
        }

        func requestWasRefused(_ request: Request?, from peer: PeerAddress, status: Int) {
            let known = request.map { "\($0.string($0.methodRange)) \($0.rawPath)" } ?? "-"
            refusals.note("\(peer.port) \(known) \(status)")
        }

        func respond(to request: Request) -> EventualResponse { answer(request) }
    }

    let server: Server
    let addresses: [BindAddress]
    let ended = Journal<Void>()
    /// What the server has refused itself: the client's port, what is known of method and path, and the status.
    let refusals = Journal<String>()

    convenience init(
        _ configuration: ServerConfiguration = .test { _ in },
        answer: @escaping @Sendable (Request) async -> Response
    ) throws {
        try self.init(configuration, by: { request in .pending { await answer(request) } })
    }

    /// A server whose responses are ready, as far as the closure has it.
    static func synchronous(
        _ configuration: ServerConfiguration = .test { _ in },
        answer: @escaping @Sendable (Request) -> EventualResponse
    ) throws -> RunningServer {
        try RunningServer(configuration, by: answer)
    }

    private init(
        _ configuration: ServerConfiguration, by answer: @escaping @Sendable (Request) -> EventualResponse
    ) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        server = Server(
            responder: Answering(answer: answer, refusals: refusals), configuration: configuration,
            logger: logger)
        addresses = try server.start()
        startThread { [server, ended] in
            server.blockUntilStopped()
            ended.note(())
        }
    }

    /// The first port.
    var port: Int {
        for case .host(_, let port) in addresses { return port }
        return 0
    }

    /// Connects a client that says `text` at once.
    func connect(sending text: String = "") async throws -> Client {
        Client(try await RawSocket(port: port, sending: Array(text.utf8)))
    }

    /// Returns once the loop has read all that had reached it before: a request of another connection is answered then.
    func turn() async throws {
        let client = try await connect()
        _ = try await client.get("/turn", fields: "Connection: close\r\n")
    }

    /// Lets so much time go by on the server's clock, and the second by which a deadline may be late.
    func pass(_ duration: Duration) async { await server.skip(duration + .seconds(1)) }

    /// Lets term after term go by until `condition` holds.
    func pass(_ duration: Duration, until condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await pass(duration)
        }
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
        try await onThread { [server] in
            for _ in 0..<20_000 where server.connectionCount != count { _ = poll(nil, 0, 2) }
            guard server.connectionCount == count else {
                throw BrokenAnswer(reason: "\(server.connectionCount) connections instead of \(count)")
            }
        }
    }
}
