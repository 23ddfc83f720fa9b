@_exported public import CraneServer

extension App {
    /// Serves on one address until SIGTERM or SIGINT has ended the server gracefully, or the task is cancelled, which does the
    /// same; logs where it listens.
    ///
    /// ```swift
    /// try await app.run(port: 8000)
    /// ```
    /// Holds no thread meanwhile but the loops'. Traps on a mistake in a registration as `build()` does; throws when the address
    /// cannot be bound. A `Server` with a `ServerConfiguration` of its own can be told more.
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - workers: event loops, each with a thread of its own.
    ///   - maximumBodySize: the most bytes of a request's body, 413 beyond; a route may take less.
    public func run(
        host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize
    ) async throws(ServerError) {
        try await server(host, port, workers, maximumBodySize).run()
    }

    /// The same for programs without `async`: blocks the calling thread, which is none of the loops'; on the main thread the main
    /// actor goes on running.
    ///
    /// Has a name of its own since the compiler prefers a form without `async` in top-level code, whatever `await` says.
    public func runBlocking(
        host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize
    ) throws(ServerError) {
        try server(host, port, workers, maximumBodySize).runBlocking()
    }

    private func server(_ host: String, _ port: Int, _ workers: Int, _ maximumBodySize: UInt64) -> Server {
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(host, port: port)]
        configuration.workers = workers
        configuration.maximumBodySize = maximumBodySize
        return Server(responder: build(), configuration: configuration, logger: logger)
    }
}
