import Crane
import Testing

/// Notes when a request goes in and when its response comes out.
private struct Tracer: Middleware {
    let name: String
    let notes: Notes

    func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        notes.add("\(name) in")
        var response = await next(request, context)
        notes.add("\(name) out \(response.status.code)")
        response.headers.append(HTTPField(name: .via, value: name))
        return response
    }
}

private struct Thrower: Middleware {
    let error: any Error

    func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        throw error
    }
}

private struct Boom: Error {}

private struct Teapot: ResponseError {
    func response(for request: Request, context: Context) -> Response {
        .text("short and stout: \(request.path) \(context.route ?? "-")", status: .init(code: 418))
    }
}

@Suite("The chain")
struct ChainTests {
    @Test("the first middleware is outermost")
    func order() async throws {
        let notes = Notes()
        var app = App()
        app.middleware = [Tracer(name: "a", notes: notes), Tracer(name: "b", notes: notes)]
        app.get("/") { _, _ in
            notes.add("handler")
            return .text("x")
        }
        let response = try await app.build().answer("GET", "/")
        #expect(notes.all == ["a in", "b in", "handler", "b out 200", "a out 200"])
        #expect(response.headers[values: .via] == ["b", "a"])
    }

    @Test("the route is known before the middleware runs")
    func routeIsKnown() async throws {
        struct Asks: Middleware {
            let notes: Notes
            func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
                notes.add(context.route ?? "none")
                return await next(request, context)
            }
        }
        let notes = Notes()
        var app = App()
        app.middleware = [Asks(notes: notes)]
        app.get("/talks/{id}") { _, _ in .text("x") }
        let responder = app.build()
        _ = try await responder.answer("GET", "/talks/1")
        _ = try await responder.answer("PUT", "/talks/1")
        #expect(notes.all == ["/talks/{id}", "none"])
    }

    static let failures: [(any Error & Sendable, Int, String, [String])] = [
        (Boom(), 500, "Internal Server Error", ["content-type: text/plain; charset=utf-8"]),
        (Teapot(), 418, "short and stout: /fail /fail", ["content-type: text/plain; charset=utf-8"]),
        (
            HTTPError(.notFound, "Comment \"1\"\n\u{1}é"), 404, #"{"detail":"Comment \"1\"\n\u0001é"}"#,
            ["content-type: application/json"]
        ),
        (
            HTTPError(.unauthorized, "No", headers: [.wwwAuthenticate: "Bearer"]), 401, #"{"detail":"No"}"#,
            ["content-type: application/json", "www-authenticate: Bearer"]
        ),
        (HTTPError(.forbidden), 403, #"{"detail":"Forbidden"}"#, ["content-type: application/json"]),
        (
            RequestBodyError.tooLarge, 413, #"{"detail":"Content Too Large"}"#,
            ["content-type: application/json"]
        ),
        (
            RequestBodyError.malformed, 400, #"{"detail":"There was an error parsing the body"}"#,
            ["content-type: application/json"]
        ),
        (RequestBodyError.tooSlow, 408, #"{"detail":"Request Timeout"}"#, ["content-type: application/json"]),
        (
            WorkersBusy(), 503, #"{"detail":"Service Unavailable"}"#,
            ["content-type: application/json", "retry-after: 1"]
        ),
        // The client is still there: somebody else's cancellation is a failure like any other.
        (CancellationError(), 500, "Internal Server Error", ["content-type: text/plain; charset=utf-8"]),
    ]

    @Test("what a handler throws is a response to the middleware around it", arguments: failures.indices)
    func handlerFails(index: Int) async throws {
        let (error, status, body, fields) = Self.failures[index]
        let notes = Notes()
        var app = App(logger: quiet)
        app.middleware = [Tracer(name: "a", notes: notes)]
        app.get("/fail") { _, _ in throw error }
        let response = try await app.build().answer("GET", "/fail")
        #expect(response.status.code == status)
        #expect(response.text == body)
        #expect(response.fields == (fields + ["via: a"]).sorted())
        #expect(notes.all == ["a in", "a out \(status)"])
    }

    @Test("what a middleware throws is a response to the middleware outside it", arguments: failures.indices)
    func middlewareFails(index: Int) async throws {
        let (error, status, body, _) = Self.failures[index]
        let notes = Notes()
        var app = App(logger: quiet)
        app.middleware = [
            Tracer(name: "a", notes: notes), Thrower(error: error), Tracer(name: "b", notes: notes),
        ]
        app.get("/fail") { _, _ in .text("never") }
        let response = try await app.build().answer("GET", "/fail")
        #expect(response.status.code == status)
        #expect(response.text == body)
        #expect(notes.all == ["a in", "a out \(status)"])
    }

    @Test("an error of the outermost middleware is a response too")
    func outermostFails() async throws {
        var app = App(logger: quiet)
        app.middleware = [Thrower(error: Boom())]
        let response = try await app.build().answer("GET", "/")
        #expect(response.status == .internalServerError)
        #expect(response.text == "Internal Server Error")
    }

    @Test("a page of another origin can read a 500")
    func corsOnFailure() async throws {
        var app = App(logger: quiet)
        app.middleware = [CORS(allowOrigins: ["*"]), Thrower(error: Boom())]
        let response = try await app.build().answer("GET", "/", ("origin", "http://a.b"))
        #expect(response.status == .internalServerError)
        #expect(response.allFields[.accessControlAllowOrigin] == "*")
    }

    @Test("an unexpected error is logged with route and request id; an expected one is not")
    func logged() async throws {
        let log = RecordingLog()
        var app = App(logger: log.logger)
        app.get("/boom/{n}") { _, _ in throw Boom() }
        app.get("/known") { _, _ in throw HTTPError(.conflict) }
        let responder = app.build()
        _ = try await responder.answer("GET", "/boom/1")
        _ = try await responder.answer("GET", "/known")
        let lines = log.lines
        #expect(lines.count == 1)
        #expect(lines.first?.contains("error: unexpected error") == true)
        #expect(lines.first?.contains("route=/boom/{n}") == true)
        #expect(lines.first?.contains("path=/boom/1") == true)
        #expect(lines.first?.contains("error=Boom()") == true)
        #expect(lines.first?.contains("request_id=") == true)
    }

    @Test("a request whose client has gone logs nothing")
    func cancelled() async throws {
        let log = RecordingLog()
        var app = App(logger: log.logger)
        app.get("/") { _, context in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await context.sleep(for: .seconds(60))
            return .text("never")
        }
        let responder = app.build()
        let request = try Call().request()
        let response = await Task { await responder.response(to: request) }.value
        #expect(response.status == .serviceUnavailable)
        #expect(log.lines.isEmpty)
    }
}
