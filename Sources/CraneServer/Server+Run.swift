public import CraneHTTP
public import Logging

extension Server {
    /// Serves on one address until SIGTERM or SIGINT has ended the server gracefully; logs where it listens.
    ///
    /// ```swift
    /// try Server.run(responder, port: 8000)
    /// ```
    /// Blocks the calling thread, which is none of the loops'; on the main thread the main actor goes on running. Throws when the
    /// address cannot be bound.
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - workers: event loops, each with a thread of its own.
    ///   - maximumBodySize: the most bytes of a request's body, 413 beyond; a route may take less.
    public static func run(
        _ responder: any Responder, host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize,
        logger: Logger = Logger(label: "crane.server")
    ) throws(ServerError) {
        try serving(responder, host, port, workers, maximumBodySize, logger).waitUntilStopped()
    }

    /// Serves on one address until SIGTERM or SIGINT has ended the server gracefully, or the task is cancelled, which does the
    /// same; logs where it listens.
    ///
    /// ```swift
    /// try await Server.run(responder, port: 8000)
    /// ```
    /// Holds no thread meanwhile but the loops'. Throws when the address cannot be bound.
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - workers: event loops, each with a thread of its own.
    ///   - maximumBodySize: the most bytes of a request's body, 413 beyond; a route may take less.
    public static func run(
        _ responder: any Responder, host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize,
        logger: Logger = Logger(label: "crane.server")
    ) async throws(ServerError) {
        await (try serving(responder, host, port, workers, maximumBodySize, logger)).waitUntilStopped()
    }

    /// Starts, and waits until the server has ended, as `run(_:port:)` does; `waitUntilStopped()` is the second half.
    ///
    /// - Throws: `ServerError` when it cannot start.
    public func run() async throws(ServerError) {
        tell(try start())
        await waitUntilStopped()
    }

    /// A server that has started.
    private static func serving(
        _ responder: any Responder, _ host: String, _ port: Int, _ workers: Int, _ maximumBodySize: UInt64,
        _ logger: Logger
    ) throws(ServerError) -> Server {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(host, port: port)]
        configuration.workers = workers
        configuration.maximumBodySize = maximumBodySize
        let server = Server(responder: responder, configuration: configuration, logger: logger)
        server.tell(try server.start())
        return server
    }

    private func tell(_ addresses: [BindAddress]) {
        for address in addresses { logger.info("listening on http://\(address)") }
    }
}
