import Crane
import CraneTesting
import Logging
import Testing

/// Something that a request holds; tells when nothing holds it any more.
private final class Held: Sendable {
    private let name: String
    private let letGo: AsyncStream<String>.Continuation

    init(_ name: String, _ letGo: AsyncStream<String>.Continuation) {
        self.name = name
        self.letGo = letGo
    }

    deinit { letGo.yield(name) }
}

/// Goes with the context: let go of when that is.
private struct HeldKey: ContextKey {
    static var defaultValue: Held? { nil }
}

// What is held for ever is waited for until the time limit, and missing then.
@Suite("What a request has left to be done", .timeLimit(.minutes(1)))
struct ResponseHooksTests {
    private let names: AsyncStream<String>
    private let letGo: AsyncStream<String>.Continuation

    init() {
        (names, letGo) = AsyncStream.makeStream()
    }

    private func makeApp() -> App {
        var app = App(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
        let letGo = letGo
        // It holds the context, as what it is kept in does.
        @Sendable func leave(_ tasks: BackgroundTasks, in context: Context) {
            context[HeldKey.self] = Held("context", letGo)
            let held = Held("task", letGo)
            tasks.add {
                try await context.sleep(for: .milliseconds(1))
                withExtendedLifetime((held, context, tasks)) {}
            }
            tasks.add {
                withExtendedLifetime(context) {}
                throw HTTPError(.badGateway)
            }
        }
        let resource = Dependency(ContextInput()) { context -> (Held, Context) in
            context[HeldKey.self] = Held("context", letGo)
            return (Held("resource", letGo), context)
        } cleanUp: { value, _ in
            try? await value.1.sleep(for: .milliseconds(1))
        }
        app.post("/tasks", BackgroundTasksInput(), ContextInput()) { tasks, context in
            leave(tasks, in: context)
            return "started"
        }
        app.post("/tasks/fail", BackgroundTasksInput(), ContextInput()) { tasks, context -> String in
            leave(tasks, in: context)
            throw HTTPError(.conflict)
        }
        app.post("/resource", resource) { _ in "done" }
        app.post("/resource/fail", resource) { _ -> String in throw HTTPError(.conflict) }
        app.webSocket("/tasks", BackgroundTasksInput(), ContextInput()) { socket, tasks, context in
            leave(tasks, in: context)
            for await _ in socket {}
        }
        app.webSocket("/resource", resource) { socket, _ in for await _ in socket {} }
        app.webSocket("/resource/refused", resource, Query("n", Int.self)) { _, _, _ in }
        return app
    }

    /// Every test runs in memory and through a socket, and more than once on the same connection's loop.
    private func expect(
        _ expected: Set<String>, _ body: (TestClient) async throws -> Void
    ) async throws {
        let app = makeApp()
        for _ in 1...2 {
            try await body(TestClient(app))
            #expect(await lettingGo(of: expected.count) == expected, "in memory")
        }
        try await TestClient.live(app) { (client) async throws in
            for _ in 1...2 {
                try await body(client)
                #expect(await lettingGo(of: expected.count) == expected, "over a socket")
            }
        }
    }

    /// Waits until so many have been let go of.
    private func lettingGo(of count: Int) async -> Set<String> {
        var all: Set<String> = []
        var left = names.makeAsyncIterator()
        while all.count < count, let name = await left.next() { all.insert(name) }
        return all
    }

    @Test("holds the request until the background tasks have run, and no longer", arguments: ["", "/fail"])
    func tasks(end: String) async throws {
        try await expect(["context", "task"]) { (client) async throws in
            _ = try await client.post("/tasks" + end)
        }
    }

    @Test("holds a dependency and the request until that is cleaned up", arguments: ["", "/fail"])
    func cleanUps(end: String) async throws {
        try await expect(["context", "resource"]) { (client) async throws in
            _ = try await client.post("/resource" + end)
        }
    }

    @Test(
        "is let go of when a WebSocket has ended", arguments: [("/tasks", "task"), ("/resource", "resource")])
    func webSockets(path: String, held: String) async throws {
        try await expect(["context", held]) { (client) async throws in
            let socket = try await client.webSocket(path)
            try await socket.close()
        }
        try await expect(["context", held]) { (client) async throws in
            try await client.webSocket(path).abort()
        }
    }

    @Test("is let go of when the handshake is refused")
    func refusedHandshakes() async throws {
        try await expect(["context", "resource"]) { (client) async throws in
            await #expect(throws: WebSocketRefusal.self) {
                _ = try await client.webSocket("/resource/refused")
            }
        }
    }
}
