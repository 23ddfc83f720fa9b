// The examples of Docs/Guide/Lifespan.md.
import Crane
import CraneServiceLifecycle
import CraneTesting
import ServiceLifecycle
import Synchronization
import Testing
import UnixSignals

/// A pool of connections that only counts.
final class Pool: Sendable {
    private let count = Mutex(0)
    private let isOpen = Mutex(true)

    static func open() async throws -> Pool { Pool() }
    func ask() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
    func refresh() async throws {}
    var isClosed: Bool { isOpen.withLock { !$0 } }
    func close() async { isOpen.withLock { $0 = false } }
}

enum Motto: ContextKey { static let defaultValue = "" }

func poolApp() -> App {
    var app = App(title: "Lifespan")
    let pool = app.lifespan { _ in
        try await Pool.open()
    } cleanUp: { pool in
        await pool.close()
    }
    app.get("/ask", pool) { pool in ["answers": pool.ask()] }

    app.lifespan { services in
        let pool = try services.value(of: pool)
        services[Motto.self] = "asked \(pool.ask()) times before the first request"
        services.logger.info("the pool is open")
        return { services.logger.info("the pool will be closed") }
    }
    app.get("/motto", ContextInput()) { context in ["motto": context[Motto.self]] }

    app.background("refresh") { context in
        let pool = try context.value(of: pool)
        while true {
            try await context.sleep(for: .seconds(60))
            try await pool.refresh()
        }
    }
    return app
}

func group(_ app: App, _ others: [any ServiceLifecycle.Service], port: Int) -> ServiceGroup {
    ServiceGroup(
        services: others + [app.service(port: port)], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: app.logger)
}

@Test("ends with its group")
func grouped() async throws {
    let group = group(poolApp(), [], port: 0)
    await group.triggerGracefulShutdown()
    try await group.run()
}

@Test("has a pool while it is tested")
func pooled() async throws {
    try await TestClient.with(poolApp()) { (client) async throws in
        #expect(try await client.get("/ask").json() == ["answers": 2])
    }
}
