import Logging

extension Server {
    /// Serves until SIGTERM or SIGINT has ended the server gracefully, or the task is cancelled, which does the same; logs where
    /// it listens.
    ///
    /// ```swift
    /// try await Server(responder: app.build(), configuration: configuration).run()
    /// ```
    /// Holds no thread meanwhile but the loops'. `start()` and `waitUntilStopped()` are its halves.
    /// - Throws: `ServerError` when it cannot start.
    public func run() async throws(ServerError) {
        try await run { waiting in await waiting() }
    }

    /// The same with something around the wait, once the server listens.
    package func run(_ around: (_ waiting: () async -> Void) async -> Void) async throws(ServerError) {
        logAddresses(try await setUpAndOpen())
        await around { await self.waitUntilStopped() }
    }

    /// The same for programs without `async`: blocks the calling thread, which is none of the loops'; on the main thread the main
    /// actor goes on running.
    public func runBlocking() throws(ServerError) {
        logAddresses(try start())
        blockUntilStopped()
    }

    private func logAddresses(_ addresses: [BindAddress]) {
        for address in addresses { logger.info("listening on http://\(address)") }
    }
}
