import CraneHTTP
import CraneSchema
import HTTPTypes
import Logging
import Testing

@testable import Crane

@Suite("Errors, answered in an application's own form")
struct ErrorHandlerTests {
    private struct OutOfStock: Error { let article: String }
    private struct Broken: Error {}
    private struct Failure: SchemaRepresentable {
        let code: Int
        let reason: String
        var issues: [ValidationIssue] = []

        static let schema = Object(Failure.init) {
            Field("code", \.code)
            Field("reason", \.reason)
            Field("issues", \.issues, default: [])
        }
    }

    private struct Turnstile: SynchronousMiddleware {
        func enter(_ request: Request, _ context: Context) throws -> Response? {
            if request.headers["X-Late"] != nil { throw OutOfStock(article: "seats") }
            return nil
        }
    }

    private func app(_ register: (inout App) -> Void) -> App {
        var app = App.quiet
        app.get("/articles/{id}", Path("id", Int.self)) { id -> Int in
            throw OutOfStock(article: "\(id)")
        }
        app.get("/later") { () async throws -> Int in throw OutOfStock(article: "later") }
        app.get("/broken") { () -> Int in throw Broken() }
        app.get("/busy") { () -> Int in throw WorkersBusy() }
        app.post("/numbers", Body([Int].self, upTo: 8)) { $0 }
        register(&app)
        return app
    }

    @Test(
        "an error that a handler, an input or a middleware throws is answered as was registered for its type")
    func ofAType() async throws {
        var app = app { app in
            app.onError(OutOfStock.self) { error, request, context in
                .text("\(error.article) \(request.path) \(context.route ?? "-")", status: .conflict)
            }
            app.get("/dependent", Dependency { () -> Int in throw OutOfStock(article: "input") }) { $0 }
        }
        app.middleware = [Turnstile()]
        #expect(try await app.answer("GET", "/articles/7").line == "409 7 /articles/7 /articles/{id}")
        #expect(try await app.answer("GET", "/later").line == "409 later /later /later")
        #expect(try await app.answer("GET", "/dependent").line == "409 input /dependent /dependent")
        #expect(
            try await app.answer("GET", "/later", [("x-late", "1")]).line == "409 seats /later /later")
        // Nobody has said anything of these.
        #expect(try await app.answer("GET", "/broken").line == "500 Internal Server Error")
        #expect(try await app.answer("GET", "/nowhere").line == #"404 {"detail":"Not Found"}"#)
    }

    @Test(
        "a router's handlers go before the application's, and what one of them throws goes on to those around it"
    )
    func ofRouters() async throws {
        var inner = APIRouter(prefix: "/inner")
        inner.get("/stock") { () -> Int in throw OutOfStock(article: "a") }
        inner.get("/broken") { () -> Int in throw Broken() }
        inner.onError(OutOfStock.self) { _, _, _ in .text("inner") }
        inner.onError(Broken.self) { _, _, _ in throw OutOfStock(article: "of Broken") }
        var outer = APIRouter(prefix: "/outer")
        outer.include(inner)
        outer.get("/stock") { () -> Int in throw OutOfStock(article: "b") }
        outer.onError(OutOfStock.self) { error, _, _ in .text("outer \(error.article)") }
        let app = app { app in
            app.include(outer)
            app.onError(OutOfStock.self) { error, _, _ in .text("app \(error.article)") }
        }
        #expect(try await app.answer("GET", "/outer/inner/stock").text == "inner")
        #expect(try await app.answer("GET", "/outer/inner/broken").text == "outer of Broken")
        #expect(try await app.answer("GET", "/outer/stock").text == "outer b")
        #expect(try await app.answer("GET", "/later").text == "app later")
    }

    @Test("of several handlers that fit, the first takes the error")
    func order() async throws {
        let app = app { app in
            app.onError(OutOfStock.self) { _, _, _ in .text("first") }
            app.onError(OutOfStock.self) { _, _, _ in .text("second") }
        }
        #expect(try await app.answer("GET", "/later").text == "first")
    }

    @Test("what Crane refuses by itself is an HTTPError, for who has not named its type")
    func ownRefusals() async throws {
        let app = app { app in
            app.onError(HTTPError.self) { error, _, _ in
                .text("\(error.detail)!", status: error.status)
            }
            app.onError(WorkersBusy.self) { _, _, _ in .text("busy", status: .serviceUnavailable) }
        }
        #expect(try await app.answer("GET", "/nowhere").line == "404 Not Found!")
        #expect(try await app.answer("PUT", "/numbers").line == "405 Method Not Allowed!")
        #expect(
            try await app.answer("POST", "/numbers", json: "[1,2,3,4,5]").line == "413 Content Too Large!")
        #expect(try await app.answer("GET", "/busy").line == "503 busy")
    }

    @Test("what nobody expects goes to the handler of all errors, logged, and nothing else does")
    func unexpected() async throws {
        let notes = Notes()
        var app = app { app in
            app.onError((any Error).self) { error, _, _ in
                .text("unexpected: \(type(of: error))", status: .internalServerError)
            }
        }
        app.logger = Logger(label: "errors") { _ in NotingLogHandler(notes) }
        #expect(try await app.answer("GET", "/broken").line == "500 unexpected: Broken")
        #expect(notes.all.contains { $0.contains("Broken") })
        #expect(try await app.answer("GET", "/busy").line == #"503 {"detail":"Service Unavailable"}"#)
        #expect(try await app.answer("GET", "/articles/x").status == .unprocessableContent)
    }

    @Test("a handler that fails leaves the plain page")
    func failingHandler() async throws {
        let app = app { app in
            app.onError(OutOfStock.self) { _, _, _ in throw Broken() }
            app.onError((any Error).self) { _, _, _ in throw Broken() }
        }
        #expect(try await app.answer("GET", "/later").line == "500 Internal Server Error")
    }

    @Test("what no route takes is answered by the application, with Allow on a 405")
    func unmatched() async throws {
        let app = app { app in
            app.onUnmatched { request, context in
                request.path.hasPrefix("/num")
                    ? .text("other method", status: .methodNotAllowed)
                    : .html("<h1>\(request.path)</h1>", status: .notFound)
            }
        }
        #expect(try await app.answer("GET", "/nowhere").line == "404 <h1>/nowhere</h1>")
        let refused = try await app.answer("DELETE", "/numbers")
        #expect(refused.line == "405 other method")
        #expect(refused.headers[.allow] == "POST, OPTIONS")
        #expect(try await app.answer("OPTIONS", "/numbers").status == .noContent)
        #expect(try await app.answer("POST", "/numbers/").status == .temporaryRedirect)
        // A handler's own 404 is not one of no route.
        var own = app
        own.get("/own") { () -> Int in throw HTTPError(404) }
        #expect(try await own.answer("GET", "/own").line == #"404 {"detail":"Not Found"}"#)
    }

    @Test("the methods of a 405 are told to who asks")
    func allowedMethods() async throws {
        let app = app { app in
            app.onError(UnmatchedError.self) { error, _, _ in
                .text(error.allowedMethods.map(\.rawValue).joined(separator: "+"), status: error.status)
            }
        }
        #expect(try await app.answer("PUT", "/later").line == "405 GET+HEAD+OPTIONS")
        #expect(try await app.answer("PUT", "/nowhere").line == "404 ")
    }

    @Test("the whole 422 is replaced with its issues, and OpenAPI follows")
    func validation() async throws {
        let app = app { app in
            app.onError(RequestValidationError.self, status: .badRequest) { error, _, _ in
                Failure(code: 1, reason: "inputs", issues: error.issues)
            }
        }
        let answer = try await app.answer("GET", "/articles/x")
        #expect(answer.status == .badRequest)
        #expect(
            answer.text
                == #"{"code":1,"reason":"inputs","issues":[{"type":"int_parsing","loc":["path","id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]}"#
        )
        let responses = try #require(app.document["paths"]?["/articles/{id}"]?["get"]?["responses"])
        #expect(responses["422"] == nil)
        #expect(
            responses["400"]?.text
                == ##"{"description":"Validation Error","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Failure"}}}}"##
        )
        #expect(app.document["components"]?["schemas"]?["HTTPValidationError"] == nil)
        #expect(app.document["components"]?["schemas"]?["ValidationError"] != nil)
    }

    @Test("a refusal of inputs that nobody describes stands in no document")
    func undescribedValidation() throws {
        let app = app { app in
            app.onError(RequestValidationError.self) { _, _, _ in .text("no", status: .badRequest) }
        }
        let responses = try #require(app.document["paths"]?["/articles/{id}"]?["get"]?["responses"])
        #expect(responses["422"] == nil && responses["400"] == nil)
    }

    @Test("a described HTTPError keeps its status and fields, and is what undescribed responses have")
    func describedErrors() async throws {
        var app = app { app in
            app.onError(HTTPError.self, mediaType: "application/vnd.shop+json") { error, _, _ in
                Failure(code: error.status.code, reason: error.detail)
            }
        }
        app.get("/closed") { () -> Int in throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "9"]) }
            .responds(.serviceUnavailable, "Closed")
        let answer = try await app.answer("GET", "/closed")
        #expect(answer.line == #"503 {"code":503,"reason":"Service Unavailable","issues":[]}"#)
        #expect(answer.headers[.retryAfter] == "9")
        #expect(answer.headers[.contentType] == "application/vnd.shop+json")
        let responses = app.document["paths"]?["/closed"]?["get"]?["responses"]
        #expect(
            responses?["503"]?.text
                == ##"{"description":"Closed","content":{"application/vnd.shop+json":{"schema":{"$ref":"#/components/schemas/Failure"}}}}"##
        )
    }

    @Test("an issue is read from JSON as it was written")
    func issues() throws {
        let issue = ValidationIssue(
            type: "less_than", location: ["body", "list", 3], message: "Too much", input: 9,
            context: [.init("lt", 3)])
        let json = ValidationIssue.schema.encode(issue)
        let read = try ValidationIssue.schema.decode(json)
        #expect(ValidationIssue.schema.encode(read) == json)
        #expect(throws: (any Error).self) { try ValidationIssue.schema.decode(Array(#"{"type":"x"}"#.utf8)) }
        #expect(throws: (any Error).self) {
            try ValidationIssue.schema.decode(Array(#"{"type":"x","msg":"","loc":[null]}"#.utf8))
        }
    }
}
