import CraneTesting
import Testing

@testable import Crane

@Suite("The path of a named route")
struct RoutePathTests {
    private static func app(_ ask: @escaping @Sendable (Context) throws -> String) -> App {
        var app = App(title: "Paths", rootPath: "/api", logger: quiet)
        app.get("/notes/{id}/files/{file:path}", Path("id", Int.self), Path("file", String.self)) {
            id, file in
            "\(id) \(file)"
        }.name("read_file")
        app.get("/", ContextInput()) { context in PlainText(try ask(context)) }.name("root")
        app.get("/a b/{name}", Path("name", String.self)) { $0 }.name("spaced")
        return app
    }

    private static func answer(_ ask: @escaping @Sendable (Context) throws -> String) async throws -> String {
        try await TestClient(app(ask)).get("/").text
    }

    @Test("has its parameters, encoded, and the place of the application")
    func paths() async throws {
        #expect(try await Self.answer { try $0.path(of: "root") } == "/api/")
        #expect(
            try await Self.answer { try $0.path(of: "read_file", ["id": 7, "file": "a/ü.txt"]) }
                == "/api/notes/7/files/a/%C3%BC.txt")
        #expect(
            try await Self.answer { try $0.path(of: "spaced", ["name": "x y?"]) } == "/api/a%20b/x%20y%3F")
        #expect(try await Self.answer { try $0.url(of: "root") } == "http://testserver/api/")
    }

    @Test("leads back to the route")
    func roundTrip() async throws {
        let client = TestClient(Self.app { try $0.path(of: "spaced", ["name": "ü & ä%"]) })
        let path = try await client.get("/").text
        #expect(try await client.get(path).json() == "ü & ä%")
    }

    @Test("is refused for a name or parameters that are not there")
    func mistakes() async throws {
        func mistake(_ ask: @escaping @Sendable (Context) throws(NoSuchRoute) -> String) async throws
            -> String
        {
            try await Self.answer { context in
                do { return try ask(context) } catch { return "\(error)" }
            }
        }
        #expect(
            try await mistake { c throws(NoSuchRoute) in try c.path(of: "nothing") }
                == "no route has the name nothing")
        #expect(
            try await mistake { c throws(NoSuchRoute) in try c.path(of: "spaced", ["name": ""]) }
                == "spaced needs a value without a slash for each parameter of /a b/{name}")
        #expect(
            try await mistake { c throws(NoSuchRoute) in try c.path(of: "spaced", ["name": "a/b"]) }
                == "spaced needs a value without a slash for each parameter of /a b/{name}")
        #expect(
            try await mistake { c throws(NoSuchRoute) in try c.path(of: "root", ["id": 1]) }
                == "root has no parameter id: its path is /")
    }

    @Test("is found in the application around, too")
    func mounted() async throws {
        var inner = App(title: "Inner", logger: quiet)
        inner.get("/where", ContextInput()) { context in
            PlainText(try context.path(of: "where") + " " + (try context.path(of: "spaced", ["name": "n"])))
        }.name("where")
        var app = Self.app { _ in "" }
        app.mount("/inner", inner)
        #expect(try await TestClient(app).get("/inner/where").text == "/api/inner/where /api/a%20b/n")
    }
}
