import Crane
import CraneSchema
import HTTPTypes
import Testing

private struct Window: SchemaRepresentable {
    let talk: Int
    let limit: Int
    let tags: [String]
    let userAgent: String?

    static let schema = Object(Window.init) {
        Field("talk", \.talk)
        Field("limit", \.limit, .int(in: 1...100), default: 10, description: "How many")
        Field("tags", \.tags, default: [])
        Field("user_agent", \.userAgent, default: nil)
    }
}

/// Each field is one text or none: such are read without a tree.
private struct Plain: SchemaRepresentable {
    let talk: Int
    let limit: Int
    let name: String?

    static let schema = Object(Plain.init) {
        Field("talk", \.talk)
        Field("limit", \.limit, .int(in: 1...100), default: 10)
        Field("name", \.name, default: nil)
    }
}

/// The same with a list, which takes a tree.
private struct PlainWithList: SchemaRepresentable {
    let talk: Int
    let limit: Int
    let name: String?
    let tags: [String]

    static let schema = Object(PlainWithList.init) {
        Field("talk", \.talk)
        Field("limit", \.limit, .int(in: 1...100), default: 10)
        Field("name", \.name, default: nil)
        Field("tags", \.tags, default: [])
    }
}

private struct Login: SchemaRepresentable {
    let name: String
    let age: Int?

    static let schema = Object(Login.init) {
        Field("name", \.name)
        Field("age", \.age, default: nil)
    }
}

private func parameters(_ app: App) throws -> [JSONValue] {
    let paths = try JSONValue.parse(app.openAPI())["paths"]
    guard case .array(let parameters)? = paths?["/"]?["get"]?["parameters"] else { return [] }
    return parameters
}

@Suite("The fields of a type as parameters")
struct ParameterFieldsTests {
    @Test("are taken from the query, coerced and with their defaults")
    func query() async throws {
        var app = App.quiet
        app.get("/", Query(Window.self)) { $0 }
        #expect(
            try await app.answer("GET", "/?talk=3").text
                == #"{"talk":3,"limit":10,"tags":[],"user_agent":null}"#)
        #expect(
            try await app.answer("GET", "/?talk=+3.0&tags=a&tags=b&limit=7&limit=8&user_agent=x&else=1").text
                == #"{"talk":3,"limit":8,"tags":["a","b"],"user_agent":"x"}"#)
    }

    @Test(
        "are the same, values and faults, whether or not a tree is made of what was sent",
        arguments: [
            "talk=3", "talk=+3.0&limit=%20100", "talk=3&name=&else=1", "talk=1&talk=2&name=%61%CC%81&limit=7",
            "", "talk=x", "talk=3&limit=0", "talk=&limit=1e1", "limit=101&talk=99999999999999999999",
            "talk=3&limit=",
        ])
    func plain(_ query: String) async throws {
        var app = App.quiet
        app.get("/plain", Query(Plain.self)) { $0 }
        app.get("/tree", Query(PlainWithList.self)) { $0 }
        let plain = try await app.answer("GET", "/plain?" + query)
        let tree = try await app.answer("GET", "/tree?" + query)
        #expect(plain.status == tree.status)
        #expect(plain.text == tree.text.replacing(#","tags":[]"#, with: ""))
    }

    @Test("are told by their names where they are wrong, all at once")
    func issues() async throws {
        var app = App.quiet
        app.get("/", Query("first", Int.self), Query(Window.self)) { _, window in window }
        let answer = try await app.answer("GET", "/?first=x&limit=0&tags=a")
        #expect(answer.status == .unprocessableContent)
        guard case .array(let details)? = try JSONValue.parse(Array(answer.text.utf8))["detail"] else {
            Issue.record("no details: \(answer.text)")
            return
        }
        #expect(
            details.map { $0["loc"]?.text } == [
                #"["query","first"]"#, #"["query","talk"]"#, #"["query","limit"]"#,
            ])
        // As for a model of FastAPI's: what was sent of it.
        #expect(details[1]["input"]?.text == #"{"limit":"0","tags":["a"]}"#)
        #expect(details[2]["input"]?.text == #""0""#)
    }

    @Test("are header fields with hyphens, cookies, and the path's variables")
    func places() async throws {
        var app = App.quiet
        app.get("/a", Header(Window.self)) { $0 }
        app.get("/b", Cookie(Login.self)) { $0 }
        app.get("/{name}/{age}", Path(Names.self)) { $0 }
        let headers = [("Talk", "3"), ("user-agent", "curl"), ("tags", "a"), ("tags", "b")]
        #expect(
            try await app.answer("GET", "/a", headers).text
                == #"{"talk":3,"limit":10,"tags":["a","b"],"user_agent":"curl"}"#)
        #expect(
            try await app.answer("GET", "/b", [("cookie", "name=ada; age=3")]).text
                == #"{"name":"ada","age":3}"#)
        #expect(try await app.answer("GET", "/ada/36").text == #"{"name":"ada","age":36}"#)
    }

    private struct Names: SchemaRepresentable {
        let name: String
        let age: Int

        static let schema = Object(Names.init) {
            Field("name", \.name)
            Field("age", \.age)
        }
    }

    @Test("are a form's, where an empty one that need not be sent is absent")
    func form() async throws {
        var app = App.quiet
        app.post("/", Form(Login.self), Upload(optional: "file")) { login, _ in login }
        let kind = [("content-type", "application/x-www-form-urlencoded")]
        #expect(
            try await app.answer("POST", "/", kind, body: Array("name=&age=".utf8)).text
                == #"{"name":"","age":null}"#)
        let refused = try await app.answer("POST", "/", kind, body: Array("age=x".utf8))
        #expect(refused.status == .unprocessableContent)
        #expect(refused.text.contains(#""loc":["body","name"]"#))
        let document = try JSONValue.parse(app.openAPI())["components"]?["schemas"]?["Body_root_post"]
        #expect(document?["required"]?.text == #"["name"]"#)
    }

    @Test("are one parameter each in OpenAPI, unless they are hidden")
    func document() throws {
        var app = App.quiet
        app.get("/", Query(Window.self)) { $0 }
        var single = App.quiet
        single.get(
            "/", Query("talk", Int.self),
            Query("limit", .int(in: 1...100), default: 10, description: "How many"),
            Query("tags", [String].self, default: []), Query("user_agent", String?.self)
        ) { _, _, _, _ in 1 }
        #expect(try parameters(app).map(\.text) == parameters(single).map(\.text))
        #expect(try parameters(app).map { $0["name"] } == ["talk", "limit", "tags", "user_agent"])
        var partly = App.quiet
        partly.get("/", Header(Window.self).hidden("limit", "user_agent")) { $0 }
        #expect(try parameters(partly).map { $0["name"] } == ["talk", "tags"])
        var hidden = App.quiet
        hidden.get("/", Query(Window.self).hidden()) { $0 }
        #expect(try parameters(hidden).isEmpty)
    }

    @Test("cannot be hidden where there are none of that name")
    func unknownName() async {
        await #expect(processExitsWith: .failure) { _ = Query(Login.self).hidden("title") }
    }

    @Test("are no objects themselves, which the build says")
    func objects() async {
        await #expect(processExitsWith: .failure) {
            struct Outer: SchemaRepresentable {
                let inner: Login
                static let schema = Object(Outer.init) { Field("inner", \.inner) }
            }
            var app = App()
            app.get("/", Query(Outer.self)) { $0 }
            _ = app.build()
        }
    }
}
