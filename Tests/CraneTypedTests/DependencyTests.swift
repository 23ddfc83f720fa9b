import Crane
import HTTPTypes
import Schema
import Testing

@Suite("Dependencies")
struct DependencyTests {
    @Test("A dependency takes inputs and dependencies itself, and is made once a request")
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

    @Test("Faults inside dependencies come before those of the route, and the handler is not called")
    func faults() async throws {
        let page = Dependency(Query("limit", Int.self), Path("id", Int.self)) { limit, id in limit + id }
        var app = App.quiet
        app.get("/{id}", Query("own", Int.self), page) { own, page in own + page }
        let text = try await app.answer("GET", "/x?limit=y").text
        #expect(text.firstRange(of: "\"path\"").map { text[$0.upperBound...].contains("\"limit\"") } == true)
        #expect(text.firstRange(of: "\"limit\"").map { text[$0.upperBound...].contains("\"own\"") } == true)
        #expect(try await app.answer("GET", "/2?limit=3&own=4").line == "200 9")
    }

    @Test("What a dependency throws is the answer, whatever else is wrong, but for a broken body")
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

    @Test("A constant is the same for all")
    func constants() async throws {
        let greeting = Dependency.constant("hello")
        var app = App.quiet
        app.get("/", greeting) { $0 }
        #expect(try await app.answer("GET", "/").text == #""hello""#)
    }
}
