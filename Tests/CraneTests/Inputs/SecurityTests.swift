import Crane
import CraneSchema
import HTTPTypes
import Testing

@Suite("Security schemes")
struct SecurityTests {
    private func app<Scheme: SecurityScheme>(
        _ scheme: Scheme, _ text: @escaping @Sendable (Scheme.Value) -> String
    ) -> App {
        var app = App.quiet
        app.get("/", scheme) { text($0) }
        app.get("/optional", scheme.optional) { $0.map(text) ?? "nobody" }
        return app
    }

    private func line(_ app: App, _ authorization: String?, path: String = "/") async throws -> String {
        let fields = authorization.map { [("authorization", $0)] } ?? []
        let answer = try await app.answer("GET", path, fields)
        return answer.line + (answer.headers[.wwwAuthenticate].map { " " + $0 } ?? "")
    }

    @Test("a bearer token is taken in any case of the scheme; without one 403")
    func bearer() async throws {
        let app = app(HTTPBearer()) { $0.credentials }
        for scheme in ["Bearer", "bearer", "BEARER"] {
            #expect(try await line(app, scheme + " token") == #"200 "token""#)
        }
        for none in [nil, "", "Bearer", "Bearer ", "token", "Bearer\ttoken"] {
            #expect(try await line(app, none) == #"403 {"detail":"Not authenticated"}"#)
        }
        #expect(try await line(app, "Bearer \u{301}token") == "200 \"\u{301}token\"")
        #expect(try await line(app, "Basic abc") == #"403 {"detail":"Invalid authentication credentials"}"#)
        for blanks in ["Bearer  two", "Bearer      two"] {
            #expect(try await line(app, blanks) == #"200 "two""#)
        }
        #expect(try await line(app, "Bearer  two  words") == #"200 "two  words""#)
        #expect(try await line(app, nil, path: "/optional") == #"200 "nobody""#)
        #expect(try await line(app, "Basic abc", path: "/optional") == #"200 "nobody""#)
    }

    @Test("basic credentials are read as Python reads base64; without them 401 and a challenge")
    func basic() async throws {
        let app = app(HTTPBasic()) { $0.username + "/" + $0.password }
        let good = [
            "Basic dGVzdHVzZXI6dGVzdHBhc3M=", "BASIC dGVzdHVzZXI6dGVzdHBhc3M==",
            "Basic dGVzd*HVzZXI6dGVzdHBhc3M=", "Basic  dGVzdHVzZXI6dGVzdHBhc3M=",
        ]
        for field in good { #expect(try await line(app, field) == #"200 "testuser/testpass""#) }
        #expect(try await line(app, "Basic Og==") == #"200 "/""#)
        #expect(try await line(app, "Basic YTpiOmM=") == #"200 "a/b:c""#)
        for field in ["!!!", "", "abc", "/zr/", "====", "dGVzdHVzZXI=", "dGVzdHVzZXI6dGVzdHBhc3M", "é"] {
            #expect(
                try await line(app, "Basic " + field)
                    == #"401 {"detail":"Invalid authentication credentials"} Basic charset="UTF-8""#)
        }
        for none in [nil, "", "Bearer x"] {
            #expect(try await line(app, none) == #"401 {"detail":"Not authenticated"} Basic charset="UTF-8""#)
        }
        let named = self.app(HTTPBasic(realm: "talk")) { $0.username }
        #expect(
            try await line(named, nil)
                == #"401 {"detail":"Not authenticated"} Basic realm="talk", charset="UTF-8""#)
        let quoted = self.app(HTTPBasic(realm: #"a "b" \"#)) { $0.username }
        #expect(try await line(quoted, nil).hasSuffix(#"Basic realm="a \"b\" \\", charset="UTF-8""#))
    }

    @Test("basic credentials are UTF-8, byte for byte")
    func basicText() async throws {
        let app = app(HTTPBasic()) { $0.username + "/" + $0.password }
        // "ada:w\u{F6}rd", "e\u{301}:\u{301}x", and "ada:w\xF6rd" of ISO-8859-1.
        #expect(try await line(app, "Basic YWRhOnfDtnJk") == "200 \"ada/w\u{F6}rd\"")
        #expect(
            try await line(app, "Basic ZcyBOsyBeA==").utf8.elementsEqual("200 \"e\u{301}/\u{301}x\"".utf8))
        #expect(try await line(app, "Basic YWRhOnf2cmQ=").hasPrefix("401"))
    }

    @Test("what is missing is 401 with a challenge where that is asked for, as in today's FastAPI")
    func missing() async throws {
        let bearer = app(HTTPBearer(missing: .unauthorized)) { $0.credentials }
        for sent in [nil, "Basic abc", "Bearer"] {
            #expect(try await line(bearer, sent) == #"401 {"detail":"Not authenticated"} Bearer"#)
        }
        let key = app(APIKeyHeader("X-API-Key", missing: .unauthorized)) { $0 }
        #expect(try await line(key, nil) == #"401 {"detail":"Not authenticated"} APIKey"#)
    }

    @Test("keys are taken from header, query or cookie; an empty one is none")
    func apiKeys() async throws {
        let header = app(APIKeyHeader("X-API-Key")) { $0 }
        #expect(try await header.answer("GET", "/", [("x-api-key", "k")]).line == #"200 "k""#)
        #expect(try await header.answer("GET", "/", [("x-api-key", "")]).line.hasPrefix("403"))
        #expect(
            try await header.answer("GET", "/?X-API-Key=k").line == #"403 {"detail":"Not authenticated"}"#)
        let query = app(APIKeyQuery("key")) { $0 }
        #expect(try await query.answer("GET", "/?key=k").line == #"200 "k""#)
        let cookie = app(APIKeyCookie("key")) { $0 }
        #expect(try await cookie.answer("GET", "/", [("cookie", "key=k")]).line == #"200 "k""#)
    }

    @Test("the password flow's token is taken, an empty one too; without one 401 and a challenge")
    func passwordBearer() async throws {
        let app = app(OAuth2PasswordBearer(tokenURL: "token")) { $0 }
        #expect(try await line(app, "bearer token") == #"200 "token""#)
        #expect(try await line(app, "Bearer") == #"200 """#)
        #expect(try await line(app, "Basic x") == #"401 {"detail":"Not authenticated"} Bearer"#)
        #expect(try await line(app, nil) == #"401 {"detail":"Not authenticated"} Bearer"#)
    }

    @Test("the password form is read from its type only, and its faults are told")
    func passwordForm() async throws {
        var app = App.quiet
        app.post("/token", OAuth2PasswordRequestForm.input) { form in
            [form.username, form.password] + form.scopes
        }
        func post(_ body: String, _ type: String = "application/x-www-form-urlencoded") async throws -> String
        {
            try await app.answer("POST", "/token", [("content-type", type)], body: Array(body.utf8)).line
        }
        let good = #"200 ["ann","b c","read","write"]"#
        #expect(try await post("username=ann&password=b+c&scope=read++write") == good)
        #expect(
            try await post(
                "grant_type=password&username=x&username=ann&password=b%20c&scope=read%20write",
                "Application/X-WWW-Form-URLEncoded; charset=utf-8") == good)
        let missing = { (name: String) in
            #"{"type":"missing","loc":["body","\#(name)"],"msg":"Field required","input":null}"#
        }
        let both = #"422 {"detail":[\#(missing("username")),\#(missing("password"))]}"#
        #expect(try await post("") == both)
        #expect(try await post("username=&password=") == #"200 ["",""]"#)
        #expect(try await post("username=ann&password=b", "text/plain") == both)
        #expect(
            try await post("grant_type=code&username=ann&password=b")
                == #"422 {"detail":[{"type":"string_pattern_mismatch","loc":["body","grant_type"],"msg":"String should match pattern '^password$'","input":"code","ctx":{"pattern":"^password$"}}]}"#
        )
    }

    @Test("schemes that differ have names of their own in the documentation")
    func schemeNames() throws {
        var app = App.quiet
        app.get("/a", APIKeyHeader("X-A"), HTTPBearer()) { _, _ in 1 }
        app.get("/b", APIKeyHeader("X-B"), HTTPBearer(format: "JWT")) { _, _ in 1 }
        app.get("/c", APIKeyHeader("X-A"), APIKeyHeader("X-B")) { _, _ in 1 }
        let document = try JSONValue.parse(app.openAPI())
        let schemes = document["components"]?["securitySchemes"]
        #expect(schemes?["APIKeyHeader"]?["name"]?.text == #""X-A""#)
        #expect(schemes?["APIKeyHeader2"]?["name"]?.text == #""X-B""#)
        #expect(schemes?["APIKeyHeader3"] == nil)
        #expect(schemes?["HTTPBearer"]?["bearerFormat"] == nil)
        #expect(schemes?["HTTPBearer2"]?["bearerFormat"]?.text == #""JWT""#)
        #expect(
            document["paths"]?["/c"]?["get"]?["security"]?.text
                == #"[{"APIKeyHeader":[]},{"APIKeyHeader2":[]}]"#)
    }

    @Test("each scheme is documented as FastAPI documents it")
    func documentation() throws {
        var app = App.quiet
        app.get("/a", HTTPBearer(), HTTPBasic(description: "A password")) { _, _ in 1 }
        app.get("/b", Dependency(APIKeyHeader("X-API-Key")) { $0 }, APIKeyCookie("c").optional) { _, _ in 1 }
        app.get("/c", OAuth2PasswordBearer(tokenURL: "token", scopes: ["read": "Read it"])) { _ in 1 }
        let document = try JSONValue.parse(app.openAPI())
        #expect(
            document["components"]?["securitySchemes"]?.text
                == [
                    #"{"HTTPBearer":{"type":"http","scheme":"bearer"}"#,
                    #""HTTPBasic":{"type":"http","description":"A password","scheme":"basic"}"#,
                    #""APIKeyCookie":{"type":"apiKey","in":"cookie","name":"c"}"#,
                    #""APIKeyHeader":{"type":"apiKey","in":"header","name":"X-API-Key"}"#,
                    #""OAuth2PasswordBearer":{"type":"oauth2","flows":{"password":{"scopes":{"read":"Read it"},"tokenUrl":"token"}}}}"#,
                ].joined(separator: ","))
        let paths = document["paths"]
        #expect(paths?["/a"]?["get"]?["security"]?.text == #"[{"HTTPBearer":[]},{"HTTPBasic":[]}]"#)
        #expect(paths?["/c"]?["get"]?["responses"]?["422"] == nil)
    }
}
