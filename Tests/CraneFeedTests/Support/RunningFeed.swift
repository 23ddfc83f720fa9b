import Crane
import CraneHTTP
import CraneServer
import CraneTesting
import Logging
import TestSupport
import Testing

struct Trouble: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A feed behind a server on a port of its own.
final class RunningFeed: Sendable {
    let log = Log()
    let feed: Feed<String>
    let server: Server
    let port: Int

    init(workers: Int = 1, _ change: (inout FeedOptions) -> Void = { _ in }) throws {
        var options = FeedOptions()
        options.retryJitter = .zero
        // None amid a test, however slow the machine is.
        options.beat = .seconds(3600)
        options.slowLimit = .seconds(3600)
        change(&options)
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let feed = Feed(history: log, options: options, logger: silent)
        self.feed = feed
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        configuration.workers = workers
        configuration.writeTimeout = .seconds(3600)
        server = Server(
            responder: RunningFeed.app(feed, silent).build(), configuration: configuration, logger: silent)
        guard case .host(_, let port) = try server.start().first else { throw Trouble("no port") }
        self.port = port
    }

    static func app(_ feed: Feed<String>, _ logger: Logger) -> App {
        var app = App(logger: logger)
        let topic: @Sendable (String) async throws -> String = { topic in
            guard topic != "none" else { throw HTTPError(.notFound) }
            return topic
        }
        app.webSocket("/{topic}/live", Path("topic", .string(maxLength: 8)), feed: feed, topic: topic)
        app.eventStream("/{topic}/events", Path("topic", .string(maxLength: 8)), feed: feed, topic: topic)
        app.longPoll("/{topic}/changes", Path("topic", .string(maxLength: 8)), feed: feed, topic: topic)
        return app
    }

    var client: TestClient { TestClient(LiveTransport(port: UInt16(port)), host: "127.0.0.1") }

    /// Writes events and publishes them.
    func happen(_ count: Int = 1, in topic: String = "a", length: Int = 0) {
        feed.publish(log.write(count, in: topic, length: length))
    }

    /// A client that says `text` and reads when it is told to.
    func connect(sending text: String, receiveBuffer: Int32? = nil) async throws -> RawSocket {
        try await RawSocket(port: port, sending: Array(text.utf8), receiveBuffer: receiveBuffer)
    }

    /// Waits until so many polls and subscribers are there, and the loop has come round since.
    func waitForPolls(_ count: Int = 1) async throws {
        while feed.counters.subscribers < count {
            try Task.checkCancellation()
            await Task.yield()
        }
        await server.skip(.zero)
    }

    /// Ends it without a wait for anybody's goodbye.
    func end() async throws {
        server.shutdown()
        server.shutdown()
        await server.waitUntilStopped()
    }
}

extension RawSocket {
    /// What comes, up to and with `end`; all until the connection's end where that is `nil`.
    func text(upTo end: String?) async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let part = try await receive()
            if part.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += part
            guard let end else { continue }
            // It may have begun in the part before.
            let recent = String(decoding: bytes.suffix(part.count + end.utf8.count), as: UTF8.self)
            if recent.contains(end) { return String(decoding: bytes, as: UTF8.self) }
        }
    }
}
