import Crane
import CraneTesting
import Synchronization
import Testing

@Suite("Handlers at a graceful shutdown")
struct DrainingTests {
    private struct Broken: Error {}

    /// An application whose handler streams until `end`, and whose server begins to shut down at its first write.
    private static func app(
        _ end: @escaping @Sendable (Context, any ResponseWriter) async throws -> Void
    ) -> App {
        var app = App()
        app.get("/", ContextInput()) { context in
            StreamingResponse("text/plain") { writer in
                try await writer.write(Array("\(context.isDraining) ".utf8))
                try await context.cancelWhenDraining {
                    try await end(context, writer)
                }
                try await writer.write(Array(" \(context.isDraining)".utf8))
            }
        }
        return app
    }

    private static func drain(_ context: Context) throws {
        try #require(context.loop as? InProcessLoop).beginDraining()
    }

    @Test("what waits in cancelWhenDraining is cancelled, and the response ends whole")
    func cancelled() async throws {
        let app = Self.app { context, writer in
            try Self.drain(context)
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                try await writer.write(Array("\(Task.isCancelled)".utf8))
                throw error
            }
        }
        #expect(try await TestClient(app).get("/").text == "false true true")
    }

    @Test("a sequence that ends when its task is cancelled ends there")
    func sequence() async throws {
        let app = Self.app { context, writer in
            let (events, continuation) = AsyncStream<String>.makeStream()
            continuation.yield("event")
            for await event in events {
                try await writer.write(Array(event.utf8))
                try Self.drain(context)
            }
        }
        #expect(try await TestClient(app).get("/").text == "false event true")
    }

    @Test("what ends by itself is not held up, and its errors are told")
    func byItself() async throws {
        let app = Self.app { _, writer in try await writer.write(Array("body".utf8)) }
        #expect(try await TestClient(app).get("/").text == "false body false")
        for drains in [false, true] {
            let failing = Self.app { context, _ in
                if drains { try Self.drain(context) }
                throw Broken()
            }
            await #expect(throws: Broken.self) { try await TestClient(failing).get("/") }
        }
    }

    @Test("a client that goes ends it with the error of a cancelled task")
    func left() async throws {
        let loop = InProcessLoop()
        let begun = AsyncStream<Void>.makeStream()
        let task = Task {
            begun.continuation.finish()
            try await loop.untilDraining()
        }
        for await _ in begun.stream {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // One that is cancelled before it waits does not wait.
        let late = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await loop.untilDraining()
        }
        await #expect(throws: CancellationError.self) { try await late.value }
        loop.beginDraining()
        loop.beginDraining()
        try await loop.untilDraining()
        #expect(loop.isDraining)
    }
}
