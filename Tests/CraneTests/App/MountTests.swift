import CraneTesting
import HTTPTypes
import Testing

@testable import Crane

private enum Place: ContextKey { static let defaultValue = "nowhere" }
private enum Visitor: ContextKey { static let defaultValue: String? = nil }

private struct Marking: SynchronousMiddleware {
    let name: String
    let notes: Notes

    func enter(_ request: Request, _ context: Context) -> Response? {
        notes.add("\(name) \(context.route ?? "-")")
        if name == "outer" { context[Visitor.self] = "ada" }
        return nil
    }
}

@Suite("Applications in an application")
struct MountTests {
    private let notes = Notes()

    private func inner(_ title: String = "Inner") -> App {
        var app = App(title: title, logger: quiet)
        app.middleware = [Marking(name: "inner", notes: notes)]
        app.get("/") { PlainText("inner root") }
        app.get("/notes/{id}", Path("id", Int.self), ContextInput()) { id, context in
            PlainText("\(id) \(context.rootPath) \(context[Place.self]) \(context[Visitor.self] ?? "-")")
        }
        app.get("/notes/") { PlainText("all") }
        app.webSocket("/chat") { socket in try await socket.send("inner") }
        return app
    }

    private func outer(rootPath: String = "") -> App {
        var app = App(title: "Outer", rootPath: rootPath, logger: quiet)
        app[Place.self] = "here"
        app.middleware = [Marking(name: "outer", notes: notes)]
        app.get("/{rest:path}", Path("rest", String.self)) { rest in PlainText("outer \(rest)") }
        app.mount("/sub", inner())
        return app
    }

    @Test("answer under their path, behind both middleware, and see what the one around has")
    func path() async throws {
        let app = outer().build()
        #expect(try await app.answer("GET", "/sub/notes/7").text == "7 /sub here ada")
        #expect(notes.all == ["outer /sub/{path:path}", "inner /notes/{id}"])
        for target in ["/sub", "/sub/"] { #expect(try await app.answer("GET", target).text == "inner root") }
        #expect(try await app.answer("GET", "/subway").text == "outer subway")
        #expect(try await app.answer("GET", "/sub/nowhere").status == .notFound)
        #expect(try await app.answer("POST", "/sub/notes/7").status == .methodNotAllowed)
    }

    @Test("redirect and document themselves under it, behind a proxy with a prefix too")
    func prefixes() async throws {
        for (rootPath, target, expected) in [
            ("", "/sub/notes", "/sub/notes/"), ("/api", "/sub/notes", "/api/sub/notes/"),
            ("/api", "/api/sub/notes", "/api/sub/notes/"),
        ] {
            let app = outer(rootPath: rootPath).build()
            #expect(try await app.answer("GET", target).headers[.location] == expected)
            let document = try JSONValue.parse(
                Array(try await app.answer("GET", "/sub/openapi.json").text.utf8))
            #expect(document["servers"] == .array([["url": .string(rootPath + "/sub")]]))
            #expect(document["info"]?["title"] == "Inner")
        }
        // A trusted proxy that leaves its prefix on.
        var call = Call("GET", "/api/sub/notes/1", ("x-forwarded-prefix", "/api"))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        var plain = App(logger: quiet)
        plain.mount("/sub", inner())
        #expect(try await plain.build().answer(call).text == "1 /api/sub nowhere -")
    }

    @Test("stand in one another, and take WebSockets")
    func nested() async throws {
        var app = App(logger: quiet)
        app.mount("/outer", outer())
        let client = TestClient(app)
        #expect(try await client.get("/outer/sub/notes/7").text == "7 /outer/sub here ada")
        let location = try await TestClient(app, followsRedirects: false).get("/outer/sub/notes")
        #expect(location.headers[.location] == "/outer/sub/notes/")
        let socket = try await client.webSocket("/outer/sub/chat")
        #expect(try await socket.next() == .text("inner"))
        try await socket.close()
    }

    @Test("are found by host, the whole name before a part of it, and before paths")
    func hosts() async throws {
        var app = outer()
        func hosted(_ name: String) -> App {
            var app = App(logger: quiet)
            app.get("/sub/", ContextInput()) { context in PlainText("\(name)\(context.rootPath)") }
            return app
        }
        app.host("*.example.com", hosted("any"))
        app.host("api.Example.com", hosted("api"))
        let responder = app.build()
        for (host, expected) in [
            ("api.example.com", "api"), ("API.example.com:8000", "api"), ("a.b.example.com", "any"),
            ("example.com", "inner root"), ("api.example.com.evil.example", "inner root"),
            ("[2001:db8::1]:80", "inner root"),
        ] {
            var call = Call("GET", "/sub/")
            call.host = host
            #expect(try await responder.answer(call).text == expected, "\(host)")
        }
    }

    @Test("are set up after the one around, with what it made, and overridden from there")
    func lifespans() async throws {
        let notes = notes
        var app = App(logger: quiet)
        let name = app.lifespan { services in
            services[Place.self] = "made"
            notes.add("outer up")
            return "ada"
        } cleanUp: { _ in
            notes.add("outer down")
        }
        var inner = App(logger: quiet)
        inner.lifespan { services in
            notes.add("inner up \(services[Place.self])")
            return { notes.add("inner down") }
        }
        inner.background("work") { context in notes.add("work \(context[Place.self])") }
        inner.get("/", name, ContextInput()) { name, context in PlainText("\(name) \(context[Place.self])") }
        app.mount("/sub", inner)
        try await TestClient.with(app) { (client) async throws in
            #expect(try await client.get("/sub").text == "ada made")
        }
        #expect(
            notes.all.filter { $0 != "work made" } == [
                "outer up", "inner up made", "inner down", "outer down",
            ])
        #expect(notes.all.contains("work made"))
        app.override(name, with: .constant("grace"))
        try await TestClient.with(app) { (client) async throws in
            #expect(try await client.get("/sub").text == "grace nowhere")
        }
    }

    @Test(
        "are mistakes of the registration where they have no place",
        arguments: ["", "/", "sub", "/a//b", "/a/../b", "/{id}"])
    func mistakes(path: String) {
        var app = App(logger: quiet)
        app.mount(path, App())
        #expect(throws: RegistrationError.self) { try app.checked() }
        var twice = App(logger: quiet)
        twice.mount("/sub", App())
        twice.mount("/sub", App())
        #expect(throws: RegistrationError.self) { try twice.checked() }
        for host in ["", "*", "a.*.example"] {
            var app = App(logger: quiet)
            app.host(host, App())
            #expect(throws: RegistrationError.self) { try app.checked() }
        }
    }
}

@Suite("What a document says beside its routes")
struct DocumentationTests {
    @Test("stands in it as FastAPI has it, with the path of clients before other servers")
    func document() throws {
        var app = App(title: "T", description: "D", rootPath: "/api", logger: quiet)
        app.documentation.summary = "S"
        app.documentation.termsOfService = "https://example.com/terms"
        app.documentation.contact = .init(name: "Team", email: "team@example.com")
        app.documentation.license = .init("Apache 2.0", identifier: "Apache-2.0", url: "https://example.com")
        app.documentation.servers = [.init("https://eu.example.com", "Europe"), .init("/v1")]
        app.documentation.tags = [
            .init("notes", "All *notes*", externalDocs: "https://example.com"), .init("x"),
        ]
        app.openAPI { document in document.merge(["info": ["x-logo": ["url": "/logo.png"], "summary": nil]]) }
        app.openAPI { document in document.merge(["x-last": true]) }
        let info =
            #"{"title":"T","description":"D","termsOfService":"https://example.com/terms","contact":{"name":"Team","email":"team@example.com"},"license":{"name":"Apache 2.0","identifier":"Apache-2.0"},"version":"0.1.0","x-logo":{"url":"/logo.png"}}"#
        let servers =
            #"[{"url":"/api"},{"url":"https://eu.example.com","description":"Europe"},{"url":"/v1"}]"#
        let tags =
            #"[{"name":"notes","description":"All *notes*","externalDocs":{"url":"https://example.com"}},{"name":"x"}]"#
        #expect(
            String(decoding: app.openAPI(), as: UTF8.self)
                == #"{"openapi":"3.1.0","info":\#(info),"servers":\#(servers),"paths":{},"tags":\#(tags),"x-last":true}"#
        )
    }

    @Test(
        "is changed by merge patches as RFC 7396 has them",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#), (#"{"a":"foo"}"#, "null", "null"),
            (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func merging(original: String, patch: String, result: String) throws {
        var value = try JSONValue.parse(Array(original.utf8))
        value.merge(try JSONValue.parse(Array(patch.utf8)))
        #expect(String(decoding: JSONValue.schema.encode(value), as: UTF8.self) == result)
    }
}
