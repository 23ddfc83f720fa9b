import Crane
import CraneTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

/// What happened, in order.
private final class Events: Sendable {
    private let all = Mutex<[String]>([])
    private let (stream, told) = AsyncStream.makeStream(of: String.self)

    var list: [String] { all.withLock { $0 } }

    func note(_ event: String) {
        all.withLock { $0.append(event) }
        told.yield(event)
    }

    /// Waits until `event` happens; one caller at a time.
    func wait(for event: String) async {
        for await one in stream where one == event { return }
    }
}

private enum GreetingKey: ContextKey { static let defaultValue = "none" }

private struct Broken: Error, CustomStringConvertible { let description = "out of order" }

@Suite("The lifespan of an application", .timeLimit(.minutes(5)))
struct LifespanTests {
    private let events = Events()

    /// An application with two set-ups, of which the second uses what the first has made, and a dependency.
    private func app() -> (App, Dependency<String>) {
        var app = App.quiet
        app[GreetingKey.self] = "Hi"
        app.lifespan { [events] services in
            events.note("first")
            services[GreetingKey.self] += " there"
            return { events.note("first ended") }
        }
        let name = app.lifespan { [events] services in
            events.note("second")
            return services[GreetingKey.self] + ", Ada"
        } cleanUp: { [events] name in
            events.note("\(name) ended")
        }
        app.get("/key", ContextInput()) { context in PlainText(context[GreetingKey.self]) }
        app.get("/name", name) { name in PlainText(name) }
        app.get("/waiting", name, ContextInput()) { name, context in
            try await context.sleep(for: .milliseconds(1))
            return PlainText(name)
        }
        return (app, name)
    }

    private let whole = ["first", "second", "Hi there, Ada ended", "first ended"]

    @Test("sets up in order, gives requests what it made, and cleans up in reverse")
    func order() async throws {
        let (app, _) = app()
        try await TestClient.with(app) { (client) async throws in
            #expect(events.list == ["first", "second"])
            #expect(try await client.get("/key").text == "Hi there")
            #expect(try await client.get("/name").text == "Hi there, Ada")
            #expect(try await client.get("/waiting").text == "Hi there, Ada")
        }
        #expect(events.list == whole)
    }

    @Test("is the same behind a server, whose start waits for it")
    func live() async throws {
        let (app, _) = app()
        try await TestClient.live(app) { (client) async throws in
            #expect(events.list == ["first", "second"])
            #expect(try await client.get("/name").text == "Hi there, Ada")
        }
        #expect(events.list == whole)
        let transport = try LiveTransport(app.build())
        #expect(events.list == whole + ["first", "second"])
        try await transport.close()
        #expect(events.list == whole + whole)
    }

    @Test("is begun once by the first of many requests of a client in memory, and ended by its end")
    func once() async throws {
        let (app, _) = app()
        let client = TestClient(app)
        #expect(events.list == [])
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<10 { group.addTask { try await client.get("/name").text } }
            for try await text in group { #expect(text == "Hi there, Ada") }
        }
        #expect(events.list == ["first", "second"])
        try await client.close()
        try await client.close()
        #expect(events.list == whole)
        await #expect(throws: (any Error).self) { try await client.get("/name") }
    }

    @Test("ends without a client that was forgotten")
    func forgotten() async throws {
        let (app, _) = app()
        _ = try await TestClient(app).get("/name")
        await events.wait(for: "first ended")
        #expect(events.list == whole)
    }

    @Test("stops the start when a set-up fails, once what was made before is let go of")
    func failure() async throws {
        var (app, _) = app()
        app.lifespan { _ in throw Broken() }
        app.lifespan { [events] _ in events.note("never") }
        await #expect(throws: Broken.self) { try await TestClient.with(app) { _ in } }
        #expect(events.list == whole)
        let server = Server(responder: app.build())
        let error = #expect(throws: ServerError.self) { try server.start() }
        #expect(error?.description == "the set-up failed: out of order")
        #expect(events.list == whole + whole)
        await #expect(throws: ServerError.self) { try await Server(responder: app.build()).run() }
        #expect(events.list == whole + whole + whole)
        // It stays as it is for all requests.
        let client = TestClient(app)
        for _ in 0..<2 { await #expect(throws: Broken.self) { try await client.get("/key") } }
    }

    @Test("cleans up when the address is taken")
    func taken() async throws {
        let other = try LiveTransport(App.quiet.build())
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: Int(other.port))]
        configuration.handlesSignals = false
        let (app, _) = app()
        let server = Server(responder: app.build(), configuration: configuration)
        let error = #expect(throws: ServerError.self) { try server.start() }
        #expect(error?.code == .addressInUse)
        #expect(events.list == whole)
        try await other.close()
    }

    @Test("does not make what is overridden, anywhere")
    func overridden() async throws {
        let (plain, name) = app()
        var app = plain
        app.override(name, with: .constant("Grace"))
        app.lifespan { [events] services in events.note(try services.value(of: name)) }
        app.background("told") { [events] context in events.note(try context.value(of: name)) }
        try await TestClient.with(app) { (client) async throws in
            #expect(try await client.get("/name").text == "Grace")
            #expect(try await client.get("/waiting").text == "Grace")
        }
        #expect(events.list.prefix(2) == ["first", "Grace"])
        #expect(events.list.filter { $0 == "Grace" }.count == 2)
    }

    @Test("knows the values of dependencies that are made before it, and says what others lack")
    func values() async throws {
        let (plain, name) = app()
        var app = plain
        let perRequest = Dependency { 1 }
        app.lifespan { [events] services in
            events.note(try services.value(of: name))
            #expect(try services.value(of: Dependency.constant(7)) == 7)
            #expect(throws: (any Error).self) { try services.value(of: perRequest) }
        }
        try await TestClient.with(app) { _ in }
        #expect(events.list.contains("Hi there, Ada"))
        // A responder that nobody has started answers all the same, and says that it cannot.
        let response = await app.build().response(to: try Call("GET", "/name").request())
        #expect(response.status == .internalServerError)
    }

    @Test("outlives a reload: what was made stays, under the new application's names too")
    func reload() async throws {
        let (app, _) = app()
        var configuration = ServerConfiguration()
        configuration.addresses = [.host("127.0.0.1", port: 0)]
        configuration.handlesSignals = false
        let server = Server(responder: app.build(), configuration: configuration)
        guard case .host(_, let port)? = try server.start().first else { throw Broken() }
        let client = TestClient(LiveTransport(port: UInt16(port)), host: "127.0.0.1")
        var (new, _) = self.app()
        new.get("/new", ContextInput()) { context in PlainText(context[GreetingKey.self]) }
        server.replaceResponder(new.build())
        // The loop takes it in its turn.
        await withCheckedContinuation { continuation in server.afterEveryLoop { continuation.resume() } }
        #expect(try await client.get("/new").text == "Hi there")
        #expect(try await client.get("/name").text == "Hi there, Ada")
        server.shutdown()
        await server.waitUntilStopped()
        #expect(events.list == whole)
    }
}

@Suite("Work beside requests", .timeLimit(.minutes(5)))
struct BackgroundWorkTests {
    private let events = Events()

    @Test("runs from the start to the drain, with what the set-up has made, and is over before the clean-up")
    func whole() async throws {
        var app = App.quiet
        app.lifespan { [events] services in
            services[GreetingKey.self] = "Hello"
            return { events.note("cleaned up") }
        }
        app.background("greeter") { [events] context in
            events.note("\(context[GreetingKey.self]) from \(context.name)")
            do {
                try await context.sleep(for: .seconds(3600))
            } catch {
                events.note("cancelled \(Task.isCancelled)")
                throw error
            }
        }
        let expected = ["Hello from greeter", "cancelled true", "cleaned up"]
        try await TestClient.with(app) { _ in await events.wait(for: expected[0]) }
        #expect(events.list == expected)
        try await TestClient.live(app) { _ in await events.wait(for: expected[0]) }
        #expect(events.list == expected + expected)
    }

    /// A loop whose sleeps are noted and take no time.
    private final class Impatient: LoopServices {
        let loop = InProcessLoop()
        let events: Events

        init(_ events: Events) { self.events = events }

        var index: Int { 0 }
        func sleep(for duration: Duration) async throws {
            try Task.checkCancellation()
            events.note("\(duration)")
        }
        func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
            try work()
        }
        func spawn(_ work: @escaping @Sendable () async -> Void) { loop.spawn(work) }
        var isDraining: Bool { loop.isDraining }
        func untilDraining() async throws { try await loop.untilDraining() }
    }

    @Test(
        "begins anew after it has thrown, later each time, and ends when it returns",
        arguments: [true, false])
    func restarts(_ restarts: Bool) async throws {
        let notes = Notes()
        var app = App(logger: Logger(label: "test") { _ in NotingLogHandler(notes) })
        app.background("work", restarts: restarts) { [events] _ in
            events.note("run")
            if events.list.filter({ $0 == "run" }).count < 4 { throw Broken() }
        }
        let loop = Impatient(events)
        let lifespan = try #require(app.build().lifespan)
        try await lifespan.setUp()
        lifespan.startBackgroundWork(on: loop)
        lifespan.startBackgroundWork(on: loop)
        await loop.loop.finish()
        let all = ["run", "1.0 seconds", "run", "2.0 seconds", "run", "4.0 seconds", "run"]
        #expect(events.list == (restarts ? all : ["run"]))
        #expect(notes.all == Array(repeating: "log out of order", count: restarts ? 3 : 1))
    }
}
