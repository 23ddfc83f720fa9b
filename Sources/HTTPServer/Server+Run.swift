public import HTTPWire
public import Logging

extension Server {
    /// Serves on one address until SIGTERM or SIGINT has ended the server gracefully; logs where it listens.
    ///
    /// ```swift
    /// try Server.run(app.build(), port: 8000)
    /// ```
    /// Blocks the calling thread, which is none of the loops'. Throws when the address cannot be bound.
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - workers: event loops, each with a thread of its own.
    ///   - maximumBodySize: the most bytes of a request's body, 413 beyond; a route may take less.
    public static func run(
        _ responder: any Responder, host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize,
        logger: Logger = Logger(label: "crane.server")
    ) throws(ServerError) {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(host, port: port)]
        configuration.workers = workers
        configuration.maximumBodySize = maximumBodySize
        let server = Server(responder: responder, configuration: configuration, logger: logger)
        for address in try server.start() { logger.info("listening on http://\(address)") }
        server.waitUntilStopped()
    }
}
