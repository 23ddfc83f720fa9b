import Crane
import CraneServiceLifecycle
import CraneTesting
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite("A server in a group of services", .timeLimit(.minutes(5)))
struct ServerServiceTests {
    /// What happened, in order.
    private final class Notes: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Tells the port that the server has got.
    private static func server(_ app: App, started: @escaping @Sendable (UInt16) -> Void) -> ServerService {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        return ServerService(
            Server(responder: app.build(), configuration: configuration, logger: PortLog.logger(started)))
    }

    @Test("finishes what runs when the group shuts down gracefully, and cleans up")
    func graceful() async throws {
        let notes = Notes()
        let (ports, port) = AsyncStream.makeStream(of: UInt16.self)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let (opened, opening) = AsyncStream.makeStream(of: Void.self)
        var app = App(logger: Self.quiet)
        app.lifespan { _ in
            notes.add("set up")
            return { notes.add("cleaned up") }
        }
        app.get("/") {
            beginning.yield()
            for await _ in opened { break }
            return "done"
        }
        let group = ServiceGroup(services: [Self.server(app) { port.yield($0) }], logger: Self.quiet)
        let run = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let client = TestClient(LiveTransport(port: try #require(await iterator.next())))
        async let answer = client.get("/")
        for await _ in begun { break }
        await group.triggerGracefulShutdown()
        opening.yield()
        #expect(try await answer.text == #""done""#)
        try await run.value
        #expect(notes.all == ["set up", "cleaned up"])
    }

    @Test("ends at once where the group was told to before it began")
    func early() async throws {
        let group = ServiceGroup(services: [App(logger: Self.quiet).service(port: 0)], logger: Self.quiet)
        await group.triggerGracefulShutdown()
        try await group.run()
    }

    @Test("fails the group where it cannot start")
    func failure() async throws {
        var app = App(logger: Self.quiet)
        app.lifespan { _ in throw HTTPError(.conflict) }
        let group = ServiceGroup(services: [app.service(port: 0)], logger: Self.quiet)
        await #expect(throws: ServerError.self) { try await group.run() }
    }
}

/// A logger that hears where a server listens.
private struct PortLog: LogHandler {
    let started: @Sendable (UInt16) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    static func logger(_ started: @escaping @Sendable (UInt16) -> Void) -> Logger {
        Logger(label: "test") { _ in PortLog(started: started) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard let colon = "\(event.message)".lastIndex(of: ":") else { return }
        if let port = UInt16("\(event.message)"[colon...].dropFirst()) { started(port) }
    }
}
