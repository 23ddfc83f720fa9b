import Crane
import CraneSchema
import CraneServer
import CraneTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

private let user = Dependency { "somebody" }
private let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

private func makeSample() -> App {
    var app = App(logger: quiet)
    app.get("/user", user) { $0 }
    app.post("/echo", RequestInput()) { request in
        Response.text(String(decoding: try await request.body.collect(), as: UTF8.self))
    }
    app.get("/stream") { _, _ in
        Response(
            body: ResponseBody(stream: { writer in
                for part in ["a", "b", "c"] { try await writer.write(part) }
            }))
    }
    app.get("/login") { _, _ in
        var response = Response.redirect(to: "/me#top", status: .seeOther)
        response.headers.append(HTTPField(name: .setCookie, value: "session=42; Path=/; HttpOnly"))
        return response
    }
    app.get("/logout") { _, _ in
        Response(headers: [.setCookie: "session=; Max-Age=0"])
    }
    app.get("/me", Cookie("session", String?.self)) { $0 ?? "nobody" }
    app.get("/round") { _, _ in .redirect(to: "/round") }
    app.get("/away") { _, _ in .redirect(to: "http://elsewhere.example/") }
    app.post("/slash/", Body([Int].self)) { $0 }
    return app
}

/// Every test runs in memory and through a socket.
private func withClients(_ app: App, _ body: (TestClient) async throws -> Void) async throws {
    try await body(TestClient(app))
    try await TestClient.live(app) { try await body($0) }
}

@Suite("The test client")
struct TestClientTests {
    @Test("sends values, trees and texts as JSON")
    func json() async throws {
        let client = TestClient(makeSample())
        let text = "[1]"
        #expect(try await client.post("/echo", json: text).text == "[1]")
        #expect(try await client.post("/echo", json: "[1]").text == "[1]")
        #expect(try await client.post("/echo", json: [1, 2]).text == "[1,2]")
        #expect(try await client.post("/echo", json: ["b": "x", "a": 1]).text == #"{"b":"x","a":1}"#)
        #expect(try await client.post("/slash/", json: [3]).json() == [3])
        #expect(try await client.post("/slash/", json: JSONValue.array([3])).json() == [3])
    }

    @Test("sees the same with and without a socket")
    func answers() async throws {
        try await withClients(makeSample()) { (client) async throws in
            let answer = try await client.get("/user")
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(try answer.decoded(as: String.self) == "somebody")
            #expect(try await client.head("/user").body.isEmpty)
            #expect(try await client.get("/stream").text == "abc")
            #expect(try await client.get("/nope").status == .notFound)
            #expect(try await client.post("/echo", form: ["a b": "ü&"]).text == "a+b=%C3%BC%26")
        }
    }

    @Test("is told of a body past the server's bound, with and without a socket")
    func bodyBound() async throws {
        var app = App(logger: quiet)
        app.post("/", Body(String.self, upTo: 1 << 30)) { $0.utf8.count }
        func answer(to length: Int, _ transport: any TestTransport) async throws -> Int {
            let text = "\"" + String(repeating: "x", count: length - 2) + "\""
            return try await TestClient(transport, host: "127.0.0.1").post("/", json: text).status.code
        }
        let responder = app.build()
        #expect(try await answer(to: 16 << 20, InMemoryTransport(responder)) == 200)
        #expect(try await answer(to: 16 << 20 + 1, InMemoryTransport(responder)) == 413)
        let small = InMemoryTransport(responder, maximumBodySize: 100)
        #expect(try await answer(to: 100, small) == 200)
        #expect(try await answer(to: 101, small) == 413)
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 100
        let live = try LiveTransport(responder, configuration: configuration)
        #expect(try await answer(to: 100, live) == 200)
        #expect(try await answer(to: 101, live) == 413)
        try await live.close()
    }

    @Test("tests an application with other dependencies")
    func overrides() async throws {
        var app = makeSample()
        app.override(user) { "ada" }
        try await withClients(app) { (client) async throws in
            let answer = try await client.get("/user")
            #expect(answer.text == "\"ada\"")
        }
        #expect(try await TestClient(makeSample()).get("/user").text == "\"somebody\"")
    }

    @Test("keeps cookies whose values begin with a mark, and names that only look alike")
    func cookieBytes() async throws {
        var app = App(logger: quiet)
        app.get("/set") { _, _ in
            var response = Response.text("")
            for value in [
                "a=\u{301}x; Path=/", "caf\u{E9}=1;\u{301}Max-Age=0", "cafe\u{301}=2 ; Path=/",
                "b=; Max-Age=+0",
            ] {
                response.headers.append(HTTPField(name: .setCookie, value: value))
            }
            return response
        }
        app.get(
            "/get", Cookie("a", String?.self), Cookie("caf\u{E9}", String?.self),
            Cookie("cafe\u{301}", String?.self)
        ) {
            [$0, $1, $2].map { $0 ?? "-" }
        }
        let client = TestClient(app)
        _ = try await client.get("/set")
        let answer = try await client.get("/get")
        #expect(answer.text.utf8.elementsEqual("[\"\u{301}x\",\"1\",\"2\"]".utf8))
    }

    @Test("follows redirects with method and body, and keeps cookies")
    func redirectsAndCookies() async throws {
        try await withClients(makeSample()) { (client) async throws in
            #expect(try await client.post("/slash", json: "[1,2]").text == "[1,2]")
            #expect(try await client.get("/login").text == "\"42\"")
            #expect(client.cookies == ["session": "42"])
            #expect(try await client.get("/logout").status == .ok)
            #expect(try await client.get("/me").text == "\"nobody\"")
            #expect(try await client.get("/away").status == .temporaryRedirect)
            await #expect(throws: TestFailure.self) { try await client.get("/round") }
        }
        let still = TestClient(makeSample(), followsRedirects: false)
        #expect(try await still.get("/login").headers[.location] == "/me#top")
    }

    @Test("answers when background tasks have run, in memory")
    func background() async throws {
        var app = App(logger: quiet)
        let box = Box()
        app.post("/work", BackgroundTasksInput()) { tasks in
            tasks.add { box.finish() }
            return "started"
        }
        #expect(try await TestClient(app).post("/work").text == "\"started\"")
        #expect(box.isDone)
    }
}

private final class Box: Sendable {
    private let done = Mutex(false)

    func finish() { done.withLock { $0 = true } }
    var isDone: Bool { done.withLock { $0 } }
}
