import Testing

@testable import Crane

@Suite("Under a path prefix")
struct RootPathTests {
    private func app(_ rootPath: String = "", docs: Documentation = Documentation()) -> AppResponder {
        var app = App(title: "T", rootPath: rootPath, logger: quiet)
        app.documentation = docs
        app.middleware = [TrustedHost(["www.apex.org", "testserver"], exempt: ["/live"])]
        app.get("/comments/", Query("q", String?.self)) { _ in "list" }
        app.get("/comments/{id}", Path("id", String.self)) { "comment " + $0 }
        app.get("/root", ContextInput()) { $0.rootPath }
        app.get("/live", ContextInput()) { _ in "live" }
        return app.build()
    }

    private func answer(
        _ app: AppResponder, _ target: String, prefix: String? = nil, peer: String = "127.0.0.1",
        host: String = "testserver", _ headers: [(String, String)] = []
    ) async throws -> Response {
        var call = Call("GET", target)
        call.host = host
        call.headers = headers + (prefix.map { [("x-forwarded-prefix", $0)] } ?? [])
        call.peer = PeerAddress(ip: IPAddress(peer), port: 1)
        return try await app.answer(call)
    }

    @Test("the routes answer whether the proxy takes the prefix off or not")
    func routes() async throws {
        let app = app("/api/")
        for target in ["/comments/a%2Db", "/api/comments/a%2Db", "/%61pi/comments/a-b"] {
            #expect(try await answer(app, target).text == "\"comment a-b\"")
        }
        #expect(try await answer(app, "/apicomments/1").status == .notFound)
        #expect(try await answer(app, "/api").status == .notFound)
        #expect(try await answer(app, "/api/live", host: "evil").text == "\"live\"")
        #expect(try await answer(app, "/root").text == "\"/api\"")
        let told = self.app()
        #expect(try await answer(told, "/api/comments/7").status == .notFound)
        #expect(try await answer(told, "/api/comments/7", prefix: "/api").text == "\"comment 7\"")
        #expect(
            try await answer(told, "/api/comments/7", prefix: "/api", peer: "192.0.2.1").status == .notFound)
    }

    @Test("redirects stay under it")
    func redirects() async throws {
        for (app, prefix) in [(app("/api"), nil), (app(), "/api")] {
            for target in ["/comments?q=%2F", "/api/comments?q=%2F"] {
                let location = try await answer(app, target, prefix: prefix).headers[.location]
                #expect(location == "/api/comments/?q=%2F", "\(target)")
            }
            let www = try await answer(app, "/comments/", prefix: prefix, host: "apex.org")
            #expect(www.headers[.location] == "http://www.apex.org/api/comments/")
        }
    }

    @Test("a trusted proxy's word goes before the setting, the one next to the client first")
    func precedence() async throws {
        let app = app("/api")
        func root(_ prefix: String, _ headers: [(String, String)] = [], peer: String = "127.0.0.1")
            async throws
            -> String
        {
            try await answer(app, "/root", prefix: prefix, peer: peer, headers).text
        }
        #expect(try await root("/talks/") == "\"/talks\"")
        #expect(try await root("/") == "\"\"")
        #expect(try await root("") == "\"/api\"")
        #expect(try await root("/evil", peer: "192.0.2.1") == "\"/api\"")
        #expect(try await root("/outer, /inner") == "\"/inner\"")
        #expect(
            try await root("/outer, /inner", [("x-forwarded-for", "1.1.1.1, 127.0.0.2")])
                == "\"/outer/inner\"")
    }

    @Test(
        "what is no path is not taken, nor is what leads elsewhere",
        arguments: [
            "//evil.example", "/a//b", "evil.example", "http://evil.example/", "/a/../b", "/.", "/a/./b",
            "/a?b",
            "/a#b", "/a\\b", "/\\evil", "/a b", "/%2F", "/%2e%2e/x", "/a\"b", "/<b>", "/\u{E9}", "/\u{FE0F}",
            "///",
            "/" + String(repeating: "a", count: 256),
        ])
    func refused(prefix: String) async throws {
        #expect(try await answer(app(), "/root", prefix: prefix).text == "\"\"")
        #expect(!App.isRootPath(prefix))
        #expect(throws: RegistrationError.self) { try App(rootPath: prefix).checked() }
    }

    @Test("the pages ask for the document relative to themselves, and it names the prefix as its server")
    func pages() async throws {
        for path in ["/docs", "/redoc"] {
            let page = try await answer(app(), path)
            #expect(page.text.contains(#"data-openapi="./openapi.json" data-root="./""#))
            #expect(page.headers[.contentSecurityPolicy] == "frame-ancestors 'none'")
            #expect(page.headers[.xContentTypeOptions] == "nosniff")
        }
        let deep = app(
            docs: Documentation(openAPI: "/v1/openapi.json", docs: "/help/docs", redoc: "/v1/redoc"))
        let docs = try await answer(deep, "/help/docs").text
        #expect(docs.contains(#"data-openapi="./../v1/openapi.json" data-root="./../""#))
        #expect(
            try await answer(deep, "/v1/redoc").text.contains(
                #"data-openapi="./openapi.json" data-root="./../""#))
        let plain = try await answer(app(), "/openapi.json").text
        #expect(plain.hasPrefix(#"{"openapi":"3.1.0","info":{"title":"T","version":"0.1.0"},"paths":{"#))
        let text = try await answer(app(), "/openapi.json", prefix: "/api").text
        #expect(
            text.hasPrefix(
                #"{"openapi":"3.1.0","info":{"title":"T","version":"0.1.0"},"servers":[{"url":"/api"}],"paths":{"#
            ))
        #expect(try await answer(app("/api"), "/api/openapi.json").text == text)
    }

    @Test("a request names its host, and a field is found by its name as text")
    func host() async throws {
        var call = Call("GET", "http://a.example:81/x", ("X-Tenant", "one"), ("x-tenant", "two"))
        #expect(try call.request().host == "a.example:81")
        #expect(try call.request().headers["x-TENANT"] == "one, two")
        #expect(try call.request().headers["no name"] == nil)
        call = Call("GET", "/")
        call.host = nil
        #expect(try call.request().host == nil)
    }
}
