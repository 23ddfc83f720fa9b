import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

@Suite("OpenAPI")
struct OpenAPITests {
    private func operation(_ register: (inout App) -> Void) throws -> JSONValue {
        var app = App.quiet
        register(&app)
        guard case .object(let paths)? = app.document["paths"], let path = paths.first,
            case .object(let operations) = path.value, let operation = operations.first
        else {
            throw Missing()
        }
        return operation.value
    }

    private struct Missing: Error {}

    @Test("parameters stand in FastAPI's order with their constraints, titles and defaults")
    func parameters() throws {
        let page = Dependency(Query("limit", .int(in: 1...100), default: 100), Path("id", Int.self)) {
            $0 + $1
        }
        let operation = try operation { app in
            app.get(
                "/notes/{id}", Cookie("session", String?.self), Header("user_agent", String?.self),
                Query("tag", [String].self, default: [], description: "Which", deprecated: true), page,
                Path("id", Int.self, title: "Number")
            ) { _, _, _, _, _ in 1 }
        }
        #expect(
            operation["parameters"]?.text
                == [
                    #"[{"name":"id","in":"path","required":true,"schema":{"type":"integer","format":"int64","title":"Id"}}"#,
                    #"{"name":"tag","in":"query","required":false,"schema":{"type":"array","items":{"type":"string"},"default":[],"title":"Tag","description":"Which"},"description":"Which","deprecated":true}"#,
                    #"{"name":"limit","in":"query","required":false,"schema":{"type":"integer","minimum":1,"maximum":100,"default":100,"title":"Limit"}}"#,
                    #"{"name":"user-agent","in":"header","required":false,"schema":{"anyOf":[{"type":"string"},{"type":"null"}],"title":"User-Agent"}}"#,
                    #"{"name":"session","in":"cookie","required":false,"schema":{"anyOf":[{"type":"string"},{"type":"null"}],"title":"Session"}}]"#,
                ].joined(separator: ","))
    }

    @Test("operation id and summary are made of the name, or of method and path")
    func names() throws {
        let named = try operation { app in
            app.get("/comments/{comment_id}", Path("comment_id", Int.self)) { $0 }.name("read_comment")
        }
        #expect(named["operationId"]?.text == #""read_comment_comments__comment_id__get""#)
        #expect(named["summary"]?.text == #""Read Comment""#)
        let plain = try operation { app in
            app.get("/files/{name:path}", Path("name", String.self)) { $0 }.summary("A file")
        }
        #expect(plain["operationId"]?.text == #""files__name__get""#)
        #expect(plain["summary"]?.text == #""A file""#)
    }

    @Test("answers have their status, type and schema; forms are components of their own")
    func answers() throws {
        let form = try operation { app in
            app.post("/", Form("a", Int.self), Form("b", String?.self)) { _, _ in [Note]() }
                .status(.created).name("make").responds(.conflict, nil, Note.self).deprecated()
        }
        #expect(
            form["requestBody"]?.text
                == ##"{"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"$ref":"#/components/schemas/Body_make__post"}}}}"##
        )
        #expect(
            form["responses"]?["201"]?.text
                == ##"{"description":"Successful Response","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Note"},"title":"Response Make  Post"}}}}"##
        )
        #expect(
            form["responses"]?["409"]?.text
                == ##"{"description":"Conflict","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}}"##
        )
        #expect(form["deprecated"]?.text == "true")
        let none = try operation { app in app.delete("/") {} }
        #expect(none["responses"]?.text == #"{"204":{"description":"Successful Response"}}"#)
    }

    @Test("the document and its pages are served, unless the application has routes there or wants none")
    func serving() async throws {
        var app = App.quiet
        app.title = "Notes"
        app.get("/redoc") { "mine" }.hidden()
        let answer = try await app.answer("GET", "/openapi.json")
        #expect(answer.headers[.contentType] == "application/json")
        #expect(
            answer.text
                == #"{"openapi":"3.1.0","info":{"title":"Notes","version":"0.1.0"},"paths":{}}"#)
        #expect(answer.text == String(decoding: app.openAPI(), as: UTF8.self))
        #expect(try await app.answer("GET", "/redoc").text == #""mine""#)
        for page in ["/docs", "/docs/oauth2-redirect"] {
            let answer = try await app.answer("GET", page)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        }
        app.documentation = .none
        #expect(try await app.answer("GET", "/docs").status == .notFound)
        #expect(try await app.answer("GET", "/openapi.json").status == .notFound)
    }
}
