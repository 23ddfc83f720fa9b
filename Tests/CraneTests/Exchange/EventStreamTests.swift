import CraneHTTP
import CraneSchema
import CraneTesting
import HTTPTypes
import Synchronization
import Testing

@testable import Crane

@Suite("Streams of events and lines")
struct EventStreamTests {
    private struct Broken: Error {}

    private func app(
        heartbeat: Duration? = nil, retry: Duration? = nil,
        _ send: @escaping @Sendable (EventWriter) async throws -> Void
    ) -> App {
        var app = App.quiet
        app.get("/events") { EventStream(heartbeat: heartbeat, retry: retry, send: send) }
        return app
    }

    @Test("events go out one after the other, behind a comment that opens the stream")
    func events() async throws {
        let answer = try await TestClient(
            app { events in
                try await events.send("one", name: "tick", id: "1")
                try await events.send(["talk": 2], id: "2")
                try await events.send(ServerSentEvent("a\nb"))
                try await events.comment()
            }
        ).get("/events")
        #expect(
            answer.text
                == ":\n\nid: 1\nevent: tick\ndata: one\n\nid: 2\ndata: {\"talk\":2}\n\ndata: a\ndata: b\n\n:\n\n"
        )
        #expect(answer.headers[.contentType] == "text/event-stream")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[HTTPField.Name("X-Accel-Buffering")!] == "no")
        let retrying = try await TestClient(app(retry: .seconds(2)) { _ in }).get("/events")
        #expect(retrying.text == "retry: 2000\n\n")
    }

    @Test("a browser that comes back says what it has seen last")
    func lastEventID() async throws {
        let client = TestClient(app { try await $0.send($0.lastEventID ?? "anew") })
        #expect(try await client.get("/events").text == ":\n\ndata: anew\n\n")
        let again = try await client.get("/events", headers: [HTTPField.Name("Last-Event-ID")!: "17"])
        #expect(again.text == ":\n\ndata: 17\n\n")
    }

    @Test("a silence is filled with comments, until the stream ends")
    func heartbeat() async throws {
        let client = Client(stopsAt: 4)
        let response = try await app(heartbeat: .milliseconds(1)) { _ in
            try await Task.sleep(for: .seconds(3600))
        }.answer("GET", "/events")
        await #expect(throws: CancellationError.self) { try await response.body.write(to: client) }
        #expect(client.text == ":\n\n:\n\n:\n\n")
        let ended = try await TestClient(app(heartbeat: .seconds(3600)) { try await $0.send("x") })
            .get("/events")
        #expect(ended.text == ":\n\ndata: x\n\n")
    }

    @Test("at a shutdown the stream ends whole, whatever it waits for")
    func draining() async throws {
        var app = App.quiet
        app.get("/events", ContextInput()) { context in
            EventStream { events in
                try await events.send("last")
                try #require(context.loop as? InProcessLoop).beginDraining()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        #expect(try await TestClient(app).get("/events").text == ":\n\ndata: last\n\n")
    }

    @Test("an error of the closure breaks the stream, and a client that goes ends the closure")
    func failing() async throws {
        await #expect(throws: Broken.self) {
            try await TestClient(app(heartbeat: .seconds(3600)) { _ in throw Broken() }).get("/events")
        }
        let notes = Notes()
        let response = try await app { events in
            do {
                while true { try await events.send("x") }
            } catch {
                notes.add("\(error)")
                throw error
            }
        }.answer("GET", "/events")
        await #expect(throws: CancellationError.self) {
            try await response.body.write(to: Client(stopsAt: 3))
        }
        #expect(notes.all == ["CancellationError()"])
    }

    @Test("several tasks may send, and no event stands inside another")
    func together() async throws {
        let response = try await app { events in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for number in 0..<20 { try await events.send("\(task)-\(number)") }
                    }
                }
                try await group.waitForAll()
            }
        }.answer("GET", "/events")
        let client = Client(stopsAt: .max)
        try await response.body.write(to: client)
        #expect(!client.wasCalledTwice)
        let events = client.text.split(separator: "\n\n").dropFirst()
        #expect(Set(events).count == 160)
        #expect(events.allSatisfy { $0.hasPrefix("data: ") })
    }

    @Test("values are sent as JSON, a line each")
    func lines() async throws {
        var app = App.quiet
        app.get("/written") {
            JSONLines([String: Int].self) { lines in
                for number in 1...3 { try await lines.write(["number": number]) }
            }
        }
        app.get("/sequence") {
            JSONLines(
                AsyncStream<Int> { continuation in
                    for number in 1...3 { continuation.yield(number) }
                    continuation.finish()
                })
        }
        let answer = try await TestClient(app).get("/written")
        #expect(answer.text == "{\"number\":1}\n{\"number\":2}\n{\"number\":3}\n")
        #expect(answer.headers[.contentType] == "application/jsonl")
        #expect(try await TestClient(app).get("/sequence").text == "1\n2\n3\n")
        let content = app.document["paths"]?["/sequence"]?["get"]?["responses"]?["200"]?["content"]
        #expect(
            content?["application/jsonl"]?["schema"]?["contentSchema"]?["type"] == "integer")
    }

    @Test("over a socket an event is there before the stream ends")
    func wire() async throws {
        let app = app { try await $0.send("over") }
        try await TestClient.live(app) { (client) async throws in
            let answer = try await client.get("/events")
            #expect(answer.text == ":\n\ndata: over\n\n")
            #expect(answer.headers[.transferEncoding] == "chunked")
        }
    }

    /// A client that goes at its so many-th event.
    private final class Client: ResponseWriter {
        private struct State {
            var text = ""
            var left: Int
            var isWriting = false
            var wasCalledTwice = false
        }

        private let state: Mutex<State>

        init(stopsAt left: Int) { state = Mutex(State(left: left)) }

        var text: String { state.withLock { $0.text } }
        var wasCalledTwice: Bool { state.withLock { $0.wasCalledTwice } }

        func write(_ bytes: [UInt8]) async throws {
            try state.withLock { state in
                if state.isWriting { state.wasCalledTwice = true }
                state.isWriting = true
                state.left -= 1
                if state.left == 0 { throw CancellationError() }
                state.text += String(decoding: bytes, as: UTF8.self)
            }
            await Task.yield()
            state.withLock { $0.isWriting = false }
        }

        func setTrailers(_ trailers: HTTPFields) {}
    }
}
