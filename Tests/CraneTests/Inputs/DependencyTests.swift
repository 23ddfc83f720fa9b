import Crane
import CraneSchema
import CraneTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

@Suite("Dependencies")
struct DependencyTests {
    @Test("a dependency takes inputs and dependencies itself, and is made once a request")
    func nested() async throws {
        let notes = Notes()
        let session = Dependency(Query("user", String.self, default: "nobody")) { user in
            notes.add("session of \(user)")
            return user
        }
        let first = Dependency(session) { "first " + $0 }
        let second = Dependency(session, first) { session, first in "second \(session) \(first)" }
        var app = App.quiet
        app.get("/", first, second, session) { first, second, session in [first, second, session] }
        #expect(
            try await app.answer("GET", "/?user=ann").line
                == #"200 ["first ann","second ann first ann","ann"]"#)
        #expect(notes.all == ["session of ann"])
    }

    @Test("faults inside dependencies come before those of the route, and the handler is not called")
    func faults() async throws {
        let page = Dependency(Query("limit", Int.self), Path("id", Int.self)) { limit, id in limit + id }
        var app = App.quiet
        app.get("/{id}", Query("own", Int.self), page) { own, page in own + page }
        let text = try await app.answer("GET", "/x?limit=y").text
        #expect(text.firstRange(of: "\"path\"").map { text[$0.upperBound...].contains("\"limit\"") } == true)
        #expect(text.firstRange(of: "\"limit\"").map { text[$0.upperBound...].contains("\"own\"") } == true)
        #expect(try await app.answer("GET", "/2?limit=3&own=4").line == "200 9")
    }

    @Test("what a dependency throws is the response, whatever else is wrong, but for a broken body")
    func errors() async throws {
        let user = Dependency(Header("x-user", String?.self)) { name throws in
            guard let name else { throw HTTPError(.unauthorized, "Who are you?") }
            return name
        }
        var app = App.quiet
        app.post("/", Query("n", Int.self), user, Body(Note.self)) { _, user, _ in user }
        #expect(try await app.answer("POST", "/", json: "{}").line == #"401 {"detail":"Who are you?"}"#)
        #expect(try await app.answer("POST", "/", json: "{").line.hasPrefix("422"))
        #expect(try await app.answer("POST", "/", json: "{").text.contains("json_invalid"))
    }

    @Test("an object with state is a dependency by one of its methods, once a request")
    func state() async throws {
        final class Counter: Sendable {
            private let count = Mutex(0)

            func visit(_ request: Request) throws -> Int {
                let count = count.withLock { count in
                    count += 1
                    return count
                }
                if count > 2 { throw HTTPError(.tooManyRequests, "Rate limit exceeded") }
                return count
            }
        }
        let limited = Dependency(RequestInput(), make: Counter().visit)
        var app = App.quiet
        app.get("/", limited) { $0 }.dependencies(limited)
        #expect(try await app.answer("GET", "/").line == "200 1")
        #expect(try await app.answer("GET", "/").line == "200 2")
        #expect(try await app.answer("GET", "/").line == #"429 {"detail":"Rate limit exceeded"}"#)
    }

    @Test("one that may give nothing is made all the same, once, however often it is named")
    func optional() async throws {
        let notes = Notes()
        let user = Dependency(HTTPBearer().optional) { credentials throws -> String? in
            notes.add("made")
            if credentials?.credentials == "banned" { throw HTTPError(.forbidden, "Banned") }
            return credentials?.credentials
        }
        let greeting = Dependency(user) { user in "hello \(user ?? "you")" }
        var app = App.quiet
        app.get("/", user, greeting) { user, greeting in "\(user ?? "-") \(greeting)" }
        app.get("/listed", greeting) { $0 }.dependencies(user)
        for path in ["/", "/listed"] {
            let banned = try await app.answer("GET", path, [("authorization", "Bearer banned")])
            #expect(banned.line == #"403 {"detail":"Banned"}"#)
        }
        let ada = try await app.answer("GET", "/", [("authorization", "Bearer ada")])
        #expect(ada.line == #"200 "ada hello ada""#)
        #expect(try await app.answer("GET", "/").line == #"200 "- hello you""#)
        #expect(notes.all.count == 4)
    }

    @Test("a constant is the same for all")
    func constants() async throws {
        let greeting = Dependency.constant("hello")
        var app = App.quiet
        app.get("/", greeting) { $0 }
        #expect(try await app.answer("GET", "/").text == #""hello""#)
    }
}

@Suite("Overrides, clean-up and background tasks")
struct AfterwardsTests {
    @Test("an override stands in at any depth, and the inputs of what it replaces are not asked for")
    func overrides() async throws {
        let token = Dependency(Header("x-token", String.self)) { $0 }
        let user = Dependency(token) { "user of \($0)" }
        var app = App.quiet
        app.get("/", user) { $0 }
        #expect(try await app.answer("GET", "/").status == .unprocessableContent)
        var deep = app
        deep.override(token) { "test" }
        #expect(try await deep.answer("GET", "/").text == #""user of test""#)
        deep.override(token, Query("t", String.self)) { $0 }
        #expect(try await deep.answer("GET", "/?t=query").text == #""user of query""#)
        deep.override(user, with: .constant("anybody"))
        #expect(try await deep.answer("GET", "/").text == #""anybody""#)
        #expect(try await app.answer("GET", "/", [("x-token", "t")]).text == #""user of t""#)
    }

    @Test("clean-ups run after the response, the last one made first, and are told of errors")
    func cleanUp() async throws {
        let notes = Notes()
        func resource(_ name: String) -> Dependency<String> {
            Dependency {
                notes.add("make \(name)")
                return name
            } cleanUp: { value, error in
                let end = error.map { ($0 as? HTTPError)?.detail ?? "" } ?? "good"
                notes.add("clean \(value) \(end)")
            }
        }
        let first = resource("a")
        let second = Dependency(first) {
            $0 + "b"
        } cleanUp: { value, _ in
            notes.add("clean \(value)")
        }
        var app = App.quiet
        app.get("/", second, first, Query("fail", Bool.self, default: false)) { _, _, fail in
            notes.add("handle")
            if fail { throw HTTPError(.conflict, "bad") }
            return 1
        }
        let good = try await app.answer("GET", "/")
        #expect(notes.all == ["make a", "handle"])
        await good.afterSend?()
        #expect(notes.all == ["make a", "handle", "clean ab", "clean a good"])
        let bad = try await app.answer("GET", "/?fail=true")
        #expect(bad.status == .conflict)
        await bad.afterSend?()
        #expect(notes.all.suffix(2) == ["clean ab", "clean a bad"])
        // The inputs are at fault: what has been made is cleaned up.
        let refused = try await app.answer("GET", "/?fail=maybe")
        #expect(refused.status == .unprocessableContent)
        await refused.afterSend?()
        #expect(notes.all.suffix(3) == ["make a", "clean ab", "clean a "])
    }

    @Test("background tasks run in order after the response, whether or not one fails, and before clean-ups")
    func background() async throws {
        let notes = Notes()
        let resource = Dependency {
            1
        } cleanUp: { _, _ in
            notes.add("clean")
        }
        var app = App.quiet
        app.post("/", BackgroundTasksInput(), resource) { tasks, _ in
            tasks.add {
                notes.add("first")
                tasks.add { notes.add("fourth") }
            }
            tasks.add { throw HTTPError(.badGateway) }
            tasks.add { notes.add("third") }
            return "started"
        }
        app.post("/fail", BackgroundTasksInput()) { tasks -> String in
            tasks.add { notes.add("never") }
            throw HTTPError(.conflict)
        }
        let answer = try await app.answer("POST", "/")
        #expect(answer.text == #""started""#)
        #expect(notes.all.isEmpty)
        await answer.afterSend?()
        #expect(notes.all == ["first", "third", "fourth", "clean"])
        await (try await app.answer("POST", "/fail")).afterSend?()
        #expect(notes.all == ["first", "third", "fourth", "clean"])
    }

    @Test(
        "a stream that breaks is what the request ends with: it is logged, clean-ups are told, tasks dropped")
    func brokenStreams() async throws {
        struct Broken: Error {}
        final class Gone: ResponseWriter {
            func write(_ bytes: [UInt8]) async throws { throw CancellationError() }
            func setTrailers(_ trailers: HTTPFields) {}
        }
        let notes = Notes()
        let resource = Dependency {
            1
        } cleanUp: { _, error in
            notes.add("clean \(error.map { "\($0)" } ?? "good")")
        }
        var app = App(logger: Logger(label: "noting") { _ in NotingLogHandler(notes) })
        app.get("/", resource, BackgroundTasksInput(), Query("fail", Bool.self)) { _, tasks, fail in
            tasks.add { notes.add("task") }
            return StreamingResponse { writer in
                try await writer.write("part")
                if fail { throw Broken() }
            }
        }
        app.get("/plain") { StreamingResponse { _ in throw Broken() } }
        let client = TestClient(app)
        #expect(try await client.get("/?fail=false").text == "part")
        #expect(notes.all == ["task", "clean good"])
        await #expect(throws: Broken.self) { _ = try await client.get("/?fail=true") }
        #expect(notes.all.dropFirst(2) == ["log Broken()", "clean Broken()"])
        await #expect(throws: Broken.self) { _ = try await client.get("/plain") }
        #expect(notes.all.dropFirst(4) == ["log Broken()"])
        // A client that has gone is nobody's mistake.
        let answer = try await app.answer("GET", "/?fail=false")
        guard case .stream(_, _, let write) = answer.body.storage else { throw Broken() }
        await #expect(throws: CancellationError.self) { try await write(Gone()) }
        await answer.afterSend?()
        #expect(notes.all.dropFirst(5) == ["clean CancellationError()"])
    }

    @Test("tasks that a stream or a clean-up adds run too")
    func lateTasks() async throws {
        let notes = Notes()
        let resource = Dependency(BackgroundTasksInput()) {
            $0
        } cleanUp: { tasks, _ in
            notes.add("clean")
            tasks.add { notes.add("after") }
        }
        var app = App.quiet
        app.get("/stream", BackgroundTasksInput()) { tasks in
            StreamingResponse { writer in
                try await writer.write("part")
                tasks.add {
                    notes.add("task")
                    tasks.add { notes.add("its task") }
                }
            }
        }
        app.get("/clean", resource) { _ in 1 }
        let client = TestClient(app)
        #expect(try await client.get("/stream").text == "part")
        #expect(notes.all == ["task", "its task"])
        #expect(try await client.get("/clean").text == "1")
        #expect(notes.all.dropFirst(2) == ["clean", "after"])
    }

    @Test("a response without a trace of either has nothing to do afterwards")
    func nothing() async throws {
        var app = App.quiet
        app.get("/") { 1 }
        #expect(try await app.answer("GET", "/").afterSend == nil)
    }
}
