import Crane
import CraneClient
import CraneServer
import CraneTesting
import TestSupport
import Testing

@Suite("The end of a request to another server", .timeLimit(.minutes(5)))
struct RequestEndTests {
    @Test("a task that is cancelled ends its request, and the connection with it")
    func cancelled() async throws {
        let begun = Journal<Void>()
        let upstream = try RawUpstream { connection in
            connection.readHead()
            begun.note(())
            connection.waitForEnd()
        }
        let http = try localClient()
        let task = Task { try await http.get(upstream.url()) }
        try await begun.wait(forCount: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await upstream.waitForEnds(1)
        let before = Task {
            unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
            return try await http.get(upstream.url())
        }
        await #expect(throws: CancellationError.self) { try await before.value }
    }

    @Test("requests that are cancelled at any moment end once")
    func cancelledAnywhere() async throws {
        let upstream = try RawUpstream { connection in
            while !connection.readHead().isEmpty { connection.send("HTTP/1.1 204 No Content\r\n\r\n") }
        }
        let http = try localClient { $0.maximumConnectionsPerHost = 4 }
        for round in 0..<20 {
            let tasks = (0..<20).map { _ in Task { try await http.get(upstream.url()) } }
            for _ in 0..<round { await Task.yield() }
            for task in tasks { task.cancel() }
            for task in tasks {
                switch await task.result {
                case .success(let response): #expect(response.status == .noContent)
                case .failure(let error): #expect(error is CancellationError)
                }
            }
        }
        #expect(try await http.get(upstream.url()).status == .noContent)
    }

    @Test("a client that goes closes its connections")
    func clientGoes() async throws {
        let upstream = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            connection.waitForEnd()
        }
        do {
            let http = try localClient()
            #expect(try await http.get(upstream.url()).status == .noContent)
        }
        try await upstream.waitForEnds(1)
    }

    @Test("a handler asks on its own loop, and what nobody catches is 502, or 504 when it was too late")
    func inHandler() async throws {
        let silent = try RawUpstream { $0.waitForEnd() }
        let gone = try RawUpstream { _ in }.port
        let answering = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        var app = App()
        app.http = try localClient()
        app.get("/ok", ContextInput()) { context in try await context.http.get(answering.url()).text }
        app.get("/late", ContextInput()) { context in
            try await context.http.get(silent.url(), timeout: .milliseconds(50)).text
        }
        app.get("/gone", ContextInput()) { context in
            try await context.http.get("http://127.0.0.1:\(gone)/").text
        }
        try await TestClient.live(app) { (client) async throws in
            #expect(try await client.get("/ok").text == "\"ok\"")
            #expect(try await client.get("/late").status == .gatewayTimeout)
            #expect(try await client.get("/gone").status == .badGateway)
        }
    }

    @Test("the end of a server gives up what its handlers still ask for")
    func serverEnds() async throws {
        let begun = Journal<Void>()
        let ended = Journal<Bool>()
        let upstream = try RawUpstream { connection in
            connection.readHead()
            begun.note(())
            connection.waitForEnd()
        }
        var app = App()
        app.http = try localClient()
        app.get("/", ContextInput()) { context in
            do {
                return try await context.http.get(upstream.url()).text
            } catch {
                ended.note(error is CancellationError)
                throw error
            }
        }
        var configuration = ServerConfiguration()
        configuration.shutdownDeadline = .milliseconds(50)
        let transport = try LiveTransport(app.build(), configuration: configuration)
        let request = Task { try await TestClient(transport).get("/") }
        try await begun.wait(forCount: 1)
        try await transport.close()
        #expect(try await ended.wait(forCount: 1) == [true])
        try await upstream.waitForEnds(1)
        _ = await request.result
    }
}
