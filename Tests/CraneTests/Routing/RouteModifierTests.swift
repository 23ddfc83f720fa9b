import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

@Sendable private func double(_ number: Int) async throws -> Int { 2 * number }
@Sendable private func discard(_ number: Int) {}

/// Notes when a request goes in and when its response comes out.
private struct Tracer: Middleware {
    let name: String
    let notes: Notes

    func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        notes.add("\(name) in")
        let response = await next(request, context)
        notes.add("\(name) out \(response.status.code)")
        return response
    }
}

private struct Closed: SynchronousMiddleware {
    func enter(_ request: Request, _ context: Context) throws -> Response? {
        throw HTTPError(.forbidden, "closed")
    }
}

@Suite("What is said of a route behind its handler")
struct RouteModifierTests {
    private func operation(_ path: String, _ method: String, _ app: App) throws -> JSONValue {
        try #require(app.document["paths"]?[path]?[method])
    }

    @Test("stands in the document, and its status on the response")
    func everything() async throws {
        var app = App.quiet
        app.post("/notes", Query("a", Int.self)) { $0 }
            .status(.created).name("make_note").summary("A note").description("Makes one.").tags(
                "notes", "new"
            )
            .tags("more").responds(.conflict).responds(.notFound, "No talk", Note.self).deprecated()
        let made = try operation("/notes", "post", app)
        #expect(made["operationId"] == "make_note_notes_post")
        #expect(made["summary"] == "A note")
        #expect(made["description"] == "Makes one.")
        #expect(made["tags"]?.text == #"["notes","new","more"]"#)
        #expect(made["deprecated"] == true)
        #expect(made["responses"]?["409"]?.text == #"{"description":"Conflict"}"#)
        #expect(
            made["responses"]?["404"]?.text
                == ##"{"description":"No talk","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}}"##
        )
        #expect(made["responses"]?["201"] != nil)
        #expect(try await app.answer("POST", "/notes?a=1").line == "201 1")
    }

    @Test("a hidden route is in no document, and answers")
    func hiddenRoute() async throws {
        var app = App.quiet
        app.get("/") { 1 }.hidden()
        #expect(app.document["paths"]?.text == "{}")
        #expect(try await app.answer("GET", "/").line == "200 1")
    }

    @Test("a handler that gives nothing answers 204 or the route's status, without a body, and says so")
    func nothing() async throws {
        var app = App.quiet
        app.delete("/a/{id}", Path("id", Int.self)) { id in discard(id) }
        app.post("/b") {}.status(.accepted)
        let answer = try await app.answer("DELETE", "/a/1")
        #expect(answer.status == .noContent)
        #expect(answer.headers[.contentType] == nil)
        #expect(answer.text == "")
        #expect(try await app.answer("DELETE", "/a/x").status == .unprocessableContent)
        #expect(try await app.answer("POST", "/b").status == .accepted)
        let responses = try #require(operation("/a/{id}", "delete", app)["responses"])
        #expect(responses["204"]?.text == #"{"description":"Successful Response"}"#)
        #expect(responses["200"] == nil)
        #expect(
            try operation("/b", "post", app)["responses"]?.text
                == #"{"202":{"description":"Successful Response"}}"#)
    }

    @Test("a function is a handler")
    func functions() async throws {
        var app = App.quiet
        app.get("/double", Query("n", Int.self), handler: double).tags("numbers")
        app.put("/discard", Query("n", Int.self), handler: discard)
        #expect(try await app.answer("GET", "/double?n=4").line == "200 8")
        #expect(try await app.answer("PUT", "/discard?n=4").status == .noContent)
        #expect(try operation("/double", "get", app)["tags"]?.text == #"["numbers"]"#)
    }

    @Test("a response can be documented as JSON of a type, or by its media type alone")
    func returns() throws {
        var app = App.quiet
        app.get("/a") { Response.json(#"{"text":"a"}"#) }.returns(Note.self)
        app.get("/b") { Note(talkID: 1, author: "a", text: "a") }.returns("application/json")
        app.get("/c") { Response.text("a,b") }.returns("text/csv")
        let contents = try ["/a", "/b", "/c"].map {
            try operation($0, "get", app)["responses"]?["200"]?["content"]?.text
        }
        #expect(
            contents == [
                ##"{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}"##,
                #"{"application/json":{"schema":{}}}"#, #"{"text/csv":{"schema":{"type":"string"}}}"#,
            ])
    }

    @Test("a hidden parameter is read and checked, and in no document; one of the path is a mistake")
    func hiddenParameter() async throws {
        var app = App.quiet
        app.get("/", Query("a", Int.self), Query("b", Int?.self).hidden()) { a, b in [a, b ?? 0] }
        app.post("/form", Form("a", Int.self), Form("b", Int.self).hidden()) { a, b in [a, b] }
        #expect(try await app.answer("GET", "/?a=1&b=2").line == "200 [1,2]")
        #expect(try await app.answer("GET", "/?a=1&b=x").status == .unprocessableContent)
        guard case .array(let parameters) = try operation("/", "get", app)["parameters"] else {
            Issue.record("no parameters")
            return
        }
        #expect(parameters.map { $0["name"] } == ["a"])
        #expect(app.document["components"]?["schemas"]?["Body_form_post"]?["required"]?.text == #"["a"]"#)
        RouterTests().mistake(
            "GET /{a}: path parameter \"a\" stands in the path, which OpenAPI has, and cannot be hidden"
        ) { app in
            app.get("/{a}", Path("a", Int.self).hidden()) { $0 }
        }
    }

    @Test(
        "dependencies and middleware count for handlers that read the request themselves, words for OpenAPI do not"
    )
    func untyped() async throws {
        let notes = Notes()
        let dependency = Dependency { notes.add("dependency") }
        var app = App.quiet
        app.get("/") { _, _ in .text("x") }.dependencies(dependency).middleware(
            Tracer(name: "a", notes: notes))
        #expect(try await app.answer("GET", "/").text == "x")
        #expect(notes.all == ["a in", "dependency", "a out 200"])
        RouterTests().mistake(
            "GET /: tags is for OpenAPI, which has no WebSockets and no handlers that read the request themselves"
        ) { app in
            app.get("/") { _, _ in .text("x") }.tags("a")
        }
        RouterTests().mistake(
            "WebSocket /: status is for OpenAPI, which has no WebSockets and no handlers that read the request themselves"
        ) { app in
            app.webSocket("/") { _, _ in }.status(.created)
        }
    }

    @Test("comes too late once the router is included or the application built")
    func settled() async {
        await #expect(processExitsWith: .failure) {
            var app = App()
            let route = app.get("/") { 1 }
            _ = app.build()
            route.tags("late")
        }
        await #expect(processExitsWith: .failure) {
            var app = App()
            var router = APIRouter()
            let route = router.get("/") { 1 }
            app.include(router)
            route.middleware(Closed())
        }
    }
}

@Suite("A router's middleware")
struct RouterMiddlewareTests {
    @Test("stands inside the application's and outside the route's, and sees matching requests only")
    func order() async throws {
        let notes = Notes()
        func tracer(_ name: String) -> Tracer { Tracer(name: name, notes: notes) }
        let dependency = Dependency { notes.add("dependency") }
        var inner = APIRouter(
            prefix: "/b", dependencies: [dependency], middleware: [tracer("2"), tracer("3")])
        inner.get("/{id}", Path("id", Int.self)) { id in
            notes.add("handler")
            return id
        }.middleware(tracer("4"))
        var app = App.quiet
        app.middleware = [tracer("0")]
        app.include(inner, prefix: "/a", middleware: [tracer("1")])
        app.get("/a") { 1 }
        #expect(try await app.answer("GET", "/a/b/7").line == "200 7")
        #expect(
            notes.all == ["0", "1", "2", "3", "4"].map { "\($0) in" } + ["dependency", "handler"]
                + ["4", "3", "2", "1", "0"].map { "\($0) out 200" })
        let before = notes.all.count
        _ = try await app.answer("GET", "/a")
        _ = try await app.answer("GET", "/a/b/7/8")
        _ = try await app.answer("PUT", "/a/b/7")
        #expect(
            notes.all.dropFirst(before) == ["0 in", "0 out 200", "0 in", "0 out 404", "0 in", "0 out 405"])
        _ = try await app.answer("GET", "/a/b/x")
        #expect(notes.all.last == "0 out 422")
        #expect(notes.all.dropLast().last == "1 out 422")
    }

    @Test("refuses before the inputs are read, WebSockets' handshakes too")
    func refusal() async throws {
        var router = APIRouter(middleware: [Closed()])
        router.get("/a", Query("n", Int.self)) { $0 }
        router.get("/b") { _, _ in .text("open") }
        router.webSocket("/c") { _, _ in }
        var app = App.quiet
        app.include(router)
        for path in ["/a", "/b"] {
            #expect(try await app.answer("GET", path).line == #"403 {"detail":"closed"}"#)
        }
        let handshake = [
            ("upgrade", "websocket"), ("connection", "upgrade"), ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]
        #expect(try await app.answer("GET", "/c", handshake).line == #"403 {"detail":"closed"}"#)
    }
}
