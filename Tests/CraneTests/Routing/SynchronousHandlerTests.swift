import CraneHTTP
import HTTPTypes
import Testing

@testable import Crane

/// Which routes are answered without a task.
@Suite("Handlers that do not wait")
struct SynchronousHandlerTests {
    private static func isReady(_ register: (inout App) -> Void, _ call: Call) async throws -> Bool {
        var app = App.quiet
        register(&app)
        let responder = app.build()
        let response = try responder.respond(to: call.request())
        let body = try await responder.response(to: call.request())
        #expect(body.status == .ok || body.status == .noContent)
        if case .ready = response { return true }
        return false
    }

    private static func double(_ number: Int) -> Int { 2 * number }
    private static func doubleLater(_ number: Int) async -> Int { 2 * number }

    @Test("are ready, whatever they give back")
    func ready() async throws {
        let path = Path("n", Int.self)
        let constant = Dependency.constant(1)
        for register in [
            { $0.get("/1") { "text" } },
            { $0.get("/1") { _, _ in .text("text") } },
            { $0.get("/{n}", path) { 2 * $0 } },
            { $0.get("/{n}", path, handler: SynchronousHandlerTests.double) },
            { $0.get("/{n}", path, constant, Query("q", Int?.self)) { $0 + $1 + ($2 ?? 0) } },
            { $0.get("/1") { PlainText("text") } },
            { $0.get("/1") { HTML("text") } },
            { $0.get("/1") { Response.text("text") } },
            { $0.get("/1") { EventualResponse.ready(.text("text")) } },
            { $0.get("/{n}", path, RequestInput(), ContextInput()) { n, _, _ in PlainText("\(n)") } },
        ] as [(inout App) -> Void] {
            #expect(try await SynchronousHandlerTests.isReady(register, Call("GET", "/1")))
        }
    }

    @Test("need a task where they wait, or their inputs do, or a middleware")
    func waiting() async throws {
        let path = Path("n", Int.self)
        let made = Dependency { 1 }
        struct Waiting: Middleware {
            func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
                await next(request, context)
            }
        }
        for register in [
            { $0.get("/{n}", path) { await SynchronousHandlerTests.doubleLater($0) } },
            { $0.get("/{n}", path, handler: SynchronousHandlerTests.doubleLater) },
            { $0.get("/{n}", path, made) { $0 + $1 } },
            { $0.get("/1") { EventualResponse.pending { .text("text") } } },
            { $0.get("/1") { "text" }.middleware(Waiting()) },
            { $0.get("/1") { "text" }.dependencies(made) },
            { app in
                app.get("/1") { "text" }
                app.middleware = [Waiting()]
            },
        ] as [(inout App) -> Void] {
            #expect(try await !SynchronousHandlerTests.isReady(register, Call("GET", "/1")))
        }
    }

    @Test("take a short body that came with its head; one that is long or still arriving needs a task")
    func bodies() async throws {
        let register: (inout App) -> Void = { $0.post("/", Body(String.self)) { "\($0.utf8.count)" } }
        let short = Array(#""text""#.utf8)
        let call = Call("POST", "/", [], body: short)
        #expect(try await SynchronousHandlerTests.isReady(register, call))
        let long = Array("\"\(String(repeating: "x", count: 33 << 10))\"".utf8)
        #expect(try await !SynchronousHandlerTests.isReady(register, Call("POST", "/", [], body: long)))
        var app = App.quiet
        register(&app)
        let responder = app.build()
        var arriving = call
        arriving.body = RequestBody(source: Parts(short, length: 2))
        let eventual = try responder.respond(to: arriving.request())
        guard case .pending = eventual else {
            Issue.record("answered before the body was there")
            return
        }
        #expect(try await eventual.response.status == .ok)
        for (body, status) in [("7", 422), ("{", 422), ("\"a", 422)] {
            let call = Call("POST", "/", [], body: Array(body.utf8))
            #expect(try await responder.answer(call).status.code == status, "\(body)")
        }
        let text = Call("POST", "/", [("content-type", "text/plain")], body: Array("plain".utf8))
        #expect(try await responder.answer(text).status == .ok)
    }

    @Test("refuse a body beyond their limit, whether it is here or not")
    func bodyLimit() async throws {
        var app = App.quiet
        app.post("/", Body(String.self, upTo: 8)) { $0 }
        #expect(try await app.answer("POST", "/", json: #""12345678""#).status == .contentTooLarge)
        #expect(try await app.answer("POST", "/", json: #""123456""#).status == .ok)
    }

    @Test("are refused and fail as those that wait", arguments: [false, true])
    func errors(waits: Bool) async throws {
        var app = App.quiet
        if waits {
            app.get("/{n}", Path("n", Int.self)) { n in
                if n == 0 { throw HTTPError(.conflict) }
                await Task.yield()
                return n
            }
        } else {
            app.get("/{n}", Path("n", Int.self)) { n in
                if n == 0 { throw HTTPError(.conflict) }
                return n
            }
        }
        #expect(try await app.answer("GET", "/0").status == .conflict)
        #expect(try await app.answer("GET", "/x").status == .unprocessableContent)
        #expect(try await app.answer("GET", "/7").text == "7")
    }

    @Test("pass through the same middleware and changes as those that wait", arguments: [false, true])
    func middleware(waits: Bool) async throws {
        struct Marking: SynchronousMiddleware {
            func enter(_ request: Request, _ context: Context) -> Response? { nil }
            func leave(_ request: Request, _ context: Context, _ response: inout Response) {
                response.headers[.server] = (response.headers[.server] ?? "") + "x"
            }
        }
        var app = App.quiet
        app.middleware = [Marking(), Marking()]
        app.get("/", ResponseInput()) { changes -> EventualResponse in
            changes.setStatus(.accepted)
            return waits ? .pending { .text("later") } : .ready(.text("now"))
        }
        let response = try await app.answer("GET", "/")
        #expect(response.status == .accepted)
        #expect(response.headers[.server] == "xx")
        #expect(response.text == (waits ? "later" : "now"))
    }
}
