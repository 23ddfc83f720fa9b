public import Crane
public import ServiceLifecycle

/// A server as a service of a `ServiceGroup`: it serves until the group begins its graceful shutdown, which is the server's own.
///
/// ```swift
/// let group = ServiceGroup(
///     services: [database, app.service(port: 8000)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
/// try await group.run()
/// ```
/// A task that is cancelled begins the graceful shutdown too.
public struct ServerService: ServiceLifecycle.Service {
    private let server: Server

    /// - Parameter server: one whose configuration does not handle signals, which are the group's.
    public init(_ server: Server) {
        self.server = server
    }

    /// Runs the application's set-up, listens, and returns when the last request is answered; throws `ServerError` when it cannot start.
    public func run() async throws {
        // A shutdown that has begun by now, or begins later, is told of at once.
        try await server.run { waiting in
            await withGracefulShutdownHandler {
                await waiting()
            } onGracefulShutdown: { [server] in
                server.shutdown()
            }
        }
    }
}

extension App {
    /// The application as a service of a `ServiceGroup`, which handles the signals; traps on a mistake in a registration as `build()` does.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - workers: event loops, each with a thread of its own.
    ///   - maximumBodySize: the most bytes of a request's body, 413 beyond; a route may take less.
    public func service(
        host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize
    ) -> ServerService {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(host, port: port)]
        configuration.workers = workers
        configuration.maximumBodySize = maximumBodySize
        configuration.handlesSignals = false
        return ServerService(Server(responder: build(), configuration: configuration, logger: logger))
    }
}
