import CraneHTTP
import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

@Suite("Problem details (RFC 9457)")
struct ProblemDetailsTests {
    private struct Broken: Error {}

    private func app() -> App {
        var app = App.quiet
        app.errors = .problemDetails
        app.get("/notes/{id}", Path("id", Int.self)) { id -> Int in
            throw HTTPError(.notFound, "No such note", headers: [.cacheControl: "no-store"])
        }.responds(.notFound, "No such note")
        app.post("/notes", Body([Int].self, upTo: 8)) { $0 }
        app.get("/broken") { () -> Int in throw Broken() }
        app.get("/credit") { () -> Int in
            throw ProblemDetails(
                .forbidden, title: "You have not enough credit.", detail: "30 and not 50.",
                type: "https://shop.example/credit", instance: "/accounts/12",
                extensions: ["balance": 30, "status": 200])
        }
        return app
    }

    @Test("every error of an application is told in that form")
    func everyError() async throws {
        let app = app()
        let missing = try await app.answer("GET", "/notes/1")
        #expect(
            missing.line
                == #"404 {"type":"about:blank","title":"Not Found","status":404,"detail":"No such note"}"#)
        #expect(missing.headers[.contentType] == "application/problem+json")
        #expect(missing.headers[.cacheControl] == "no-store")
        #expect(
            try await app.answer("GET", "/broken").line
                == #"500 {"type":"about:blank","title":"Internal Server Error","status":500}"#)
        #expect(
            try await app.answer("GET", "/nowhere").line
                == #"404 {"type":"about:blank","title":"Not Found","status":404}"#)
        let refused = try await app.answer("PUT", "/notes")
        #expect(refused.line == #"405 {"type":"about:blank","title":"Method Not Allowed","status":405}"#)
        #expect(refused.headers[.allow] == "POST, OPTIONS")
        #expect(
            try await app.answer("POST", "/notes", json: "[1,2,3,4,5]").status == .contentTooLarge)
    }

    @Test("the issues of inputs are among its members, a number of them that a client cannot choose")
    func validation() async throws {
        let app = app()
        #expect(
            try await app.answer("GET", "/notes/x").line
                == #"422 {"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"The request's inputs do not fit","errors":[{"type":"int_parsing","loc":["path","id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]}"#
        )
        var many = App.quiet
        many.errors = .problemDetails
        many.post("/many", Body([Int].self)) { $0 }
        let items = "[" + String(repeating: "\"x\",", count: 200_000) + "\"x\"]"
        let answer = try await many.answer("POST", "/many", json: items)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.text.utf8.count < 300 << 10)
        #expect(try JSONValue.parse(Array(answer.text.utf8))["errors"] != nil)
    }

    @Test("a problem of its own has a type and members of its own, and none twice")
    func ownProblem() async throws {
        #expect(
            try await app().answer("GET", "/credit").line
                == #"403 {"type":"https://shop.example/credit","title":"You have not enough credit.","status":403,"detail":"30 and not 50.","instance":"/accounts/12","balance":30}"#
        )
        // Also in an application with the other form.
        var plain = App.quiet
        plain.get("/gone") { () -> Int in throw ProblemDetails(.gone) }
        #expect(
            try await plain.answer("GET", "/gone").line
                == #"410 {"type":"about:blank","title":"Gone","status":410}"#)
    }

    @Test("a handler goes before the form")
    func handler() async throws {
        var app = app()
        app.onError(RequestValidationError.self) { _, _, _ in .text("own", status: .badRequest) }
        #expect(try await app.answer("GET", "/notes/x").line == "400 own")
        #expect(try await app.answer("GET", "/notes/1").status == .notFound)
    }

    @Test("a host that is not listed is told in that form, and as Starlette does without it")
    func untrustedHost() async throws {
        var app = app()
        app.middleware = [TrustedHost(["shop.example"])]
        #expect(
            try await app.answer("GET", "/credit").line
                == #"400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"Invalid host header"}"#
        )
        app.errors = .detail
        #expect(try await app.answer("GET", "/credit").line == "400 Invalid host header")
    }

    @Test("OpenAPI has the form for refusals, and for responses without a type")
    func document() throws {
        let document = app().document
        let responses = try #require(document["paths"]?["/notes/{id}"]?["get"]?["responses"])
        #expect(
            responses["404"]?.text
                == ##"{"description":"No such note","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/ProblemDetails"}}}}"##
        )
        #expect(
            responses["422"]?.text
                == ##"{"description":"Validation Error","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/ValidationProblem"}}}}"##
        )
        let body = try #require(document["paths"]?["/notes"]?["post"]?["responses"])
        #expect(body["413"]?["content"]?["application/problem+json"] != nil)
        let schemas = try #require(document["components"]?["schemas"])
        #expect(schemas["HTTPValidationError"] == nil)
        #expect(schemas["ValidationProblem"]?["properties"]?["errors"]?["type"] == "array")
    }
}
