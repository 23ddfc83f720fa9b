import Crane
import Testing

@Suite("Routing")
struct RoutingTests {
    static let app: AppResponder = {
        var app = App()
        for (method, path) in [
            ("GET", "/"), ("GET", "/comments/"), ("POST", "/comments/"), ("GET", "/comments/{comment_id}"),
            ("PUT", "/comments/{comment_id}"), ("DELETE", "/comments/{id}"), ("POST", "/comments/search"),
            ("GET", "/limited"), ("POST", "/process"), ("GET", "/files/{path:path}"),
            ("GET", "/files/readme"),
            ("GET", "/a/{x}/b"), ("GET", "/a/c/d"), ("GET", "/a/{x}/{y}/e"), ("HEAD", "/own-head"),
            ("GET", "/own-head"),
        ] {
            let method = HTTPRequest.Method(method) ?? .get
            app[method](path) { _, context in
                let values = ["comment_id", "id", "path", "x", "y"].compactMap { name in
                    context.parameters[name].map { "\(name)=\($0)" }
                }
                return .text("\(method) \(context.route ?? "-") \(values.joined(separator: ","))")
            }
        }
        return app.build()
    }()

    @Test("texts of one length and one end, or of one hash, are told apart")
    func likeTexts() async throws {
        let paths = [
            "/early-settings", "/later-settings", "/abcdefgh", "/abcdefgi", "/aaaaaaaabbbbbbbb",
            "/bbbbbbbbaaaaaaaa", "/x", "/", "/aaaaaaaaaaaaaaaa",
        ]
        var app = App()
        for path in paths { app.get(path) { _, _ in .text(path) } }
        let responder = app.build()
        for path in paths { #expect(try await responder.answer("GET", path).text == path) }
        for path in [
            "/other-settings", "/%00x", "/aaaaaaaabbbbbbbc", "/ccccccccdddddddd", "/bbbbbbbbbbbbbbbb",
            "/settings",
        ] {
            #expect(try await responder.answer("GET", path).status == .notFound)
        }
    }

    @Test(
        "a path goes to the route that fits it best",
        arguments: [
            ("GET", "/", "GET / "),
            ("GET", "/?x=1", "GET / "),
            ("GET", "/comments/", "GET /comments/ "),
            ("POST", "/comments/", "POST /comments/ "),
            ("GET", "/comments/12", "GET /comments/{comment_id} comment_id=12"),
            ("PUT", "/comments/12?y", "PUT /comments/{comment_id} comment_id=12"),
            ("DELETE", "/comments/x%20y", "DELETE /comments/{id} id=x y"),
            ("GET", "/comments%2F1", "GET /comments/{comment_id} comment_id=1"),
            ("GET", "/%63omments/", "GET /comments/ "),
            ("GET", "/comments%2f", "GET /comments/ "),
            // Text is preferred, but a route for another method does not hide this one.
            ("POST", "/comments/search", "POST /comments/search "),
            ("GET", "/comments/search", "GET /comments/{comment_id} comment_id=search"),
            ("GET", "/comments/%FF", "GET /comments/{comment_id} comment_id=\u{FFFD}"),
            ("GET", "/files/readme", "GET /files/readme "),
            ("GET", "/files/readme/x", "GET /files/{path:path} path=readme/x"),
            ("GET", "/files/a/b%2Fc", "GET /files/{path:path} path=a/b/c"),
            ("GET", "/files/", "GET /files/{path:path} path="),
            ("GET", "/files//", "GET /files/{path:path} path=/"),
            // A branch that leads nowhere is left again.
            ("GET", "/a/c/b", "GET /a/{x}/b x=c"),
            ("GET", "/a/c/d", "GET /a/c/d "),
            ("GET", "/a/c/f/e", "GET /a/{x}/{y}/e x=c,y=f"),
            ("HEAD", "/", "GET / "),
            ("HEAD", "/comments/1", "GET /comments/{comment_id} comment_id=1"),
            ("HEAD", "/own-head", "HEAD /own-head "),
        ])
    func match(method: String, target: String, answer: String) async throws {
        let response = try await Self.app.answer(method, target)
        #expect(response.status == .ok)
        #expect(response.text == answer)
    }

    @Test(
        "a path without a route is not found",
        arguments: [
            ("GET", "//"), ("GET", "/%2F"), ("GET", "/."), ("GET", "/nope"), ("POST", "/nope"),
            ("OPTIONS", "/nope"),
            ("GET", "/comments/1/x"), ("GET", "/comments/1/x/"), ("GET", "/Comments/"),
            ("GET", "//comments/"),
            ("GET", "/comments//1"), ("GET", "/comments//"), ("GET", "/./comments/"),
            ("GET", "/x/../comments/"),
            ("GET", "/%FF"), ("GET", "/nope/"), ("GET", "/comments/a%2Fb/"), ("GET", "/a//b"),
        ])
    func notFound(method: String, target: String) async throws {
        let response = try await Self.app.answer(method, target)
        #expect(response.status == .notFound)
        #expect(response.text == #"{"detail":"Not Found"}"#)
        #expect(response.fields == ["content-type: application/json"])
    }

    @Test(
        "a wrong method gets 405 with every method of the path",
        arguments: [
            ("POST", "/", "GET, HEAD, OPTIONS"),
            ("TRACE", "/", "GET, HEAD, OPTIONS"),
            ("PUT", "/comments/", "GET, POST, HEAD, OPTIONS"),
            ("PATCH", "/comments/1", "GET, PUT, DELETE, HEAD, OPTIONS"),
            ("PATCH", "/comments/search", "GET, PUT, DELETE, POST, HEAD, OPTIONS"),
            ("GET", "/process", "POST, OPTIONS"),
            ("HEAD", "/process", "POST, OPTIONS"),
            ("POST", "/own-head", "HEAD, GET, OPTIONS"),
        ])
    func methodNotAllowed(method: String, target: String, allow: String) async throws {
        let response = try await Self.app.answer(method, target)
        #expect(response.status == .methodNotAllowed)
        #expect(response.text == #"{"detail":"Method Not Allowed"}"#)
        #expect(response.fields == ["allow: \(allow)", "content-type: application/json"])
    }

    @Test(
        "OPTIONS without CORS tells the methods",
        arguments: [
            ("/", "GET, HEAD, OPTIONS"), ("/process", "POST, OPTIONS"),
            ("*", "GET, POST, PUT, DELETE, HEAD, OPTIONS"),
        ])
    func options(target: String, allow: String) async throws {
        let response = try await Self.app.answer("OPTIONS", target)
        #expect(response.status == .noContent)
        #expect(response.text.isEmpty)
        #expect(response.fields == ["allow: \(allow)"])
    }

    @Test(
        "a slash too many or too few is redirected, with method and query kept",
        arguments: [
            ("GET", "/comments", "/comments/"),
            ("GET", "/comments?x=1&y=%20a", "/comments/?x=1&y=%20a"),
            ("POST", "/comments", "/comments/"),
            ("PUT", "/comments", "/comments/"),
            ("OPTIONS", "/comments", "/comments/"),
            ("HEAD", "/comments", "/comments/"),
            ("GET", "/comments?", "/comments/"),
            ("GET", "/%63omments", "/%63omments/"),
            ("DELETE", "/comments/1/?a=b", "/comments/1?a=b"),
            ("GET", "/comments/1//", "/comments/1"),
            ("GET", "/limited//", "/limited"),
            ("POST", "/process/?data=x", "/process?data=x"),
            ("GET", "/comments/a%20b/", "/comments/a%20b"),
            ("GET", "/comments/%C3%A9/", "/comments/%C3%A9"),
            ("GET", "/comments/%41/", "/comments/%41"),
            ("GET", "/comments/%3F/", "/comments/%3F"),
            ("GET", "/comments/%23/?q", "/comments/%23?q"),
            ("GET", "/comments/%25/", "/comments/%25"),
            ("GET", "/comments/%0D%0Aset-cookie:x/", "/comments/%0D%0Aset-cookie:x"),
            ("GET", "/comments/a%2525/", "/comments/a%2525"), ("GET", "/comments/%ff/", "/comments/%ff"),
            ("GET", "/comments/1%2F/%2f", "/comments/1"),
            ("GET", "/comments/%3f%5C\\/", "/comments/%3f%5C%5C"),
            ("GET", "/comments?a=%2f%ff&b", "/comments/?a=%2f%ff&b"),
            ("GET", "/files", "/files/"),
        ])
    func slash(method: String, target: String, location: String) async throws {
        let response = try await Self.app.answer(method, target)
        #expect(response.status == .temporaryRedirect)
        #expect(response.fields == ["location: \(location)"])
        #expect(response.text.isEmpty)
    }

    @Test("a redirect never names another host")
    func openRedirect() async throws {
        var app = App()
        app.get("/{a}/") { _, _ in .text("") }
        app.get("/{a}/{b}/{rest:path}") { _, _ in .text("") }
        let responder = app.build()
        for target in [
            "//evil.example", "//evil.example/x", "/%2Fevil.example", "/%5Cevil.example", "/%2F%2Fx",
            "//%EF%B8%8Fevil.example", "/\\evil.example", "//evil.example%2F",
            "http://testserver//evil.example",
        ] {
            let location = try await responder.answer("GET", target).headers[.location] ?? "/"
            let start = location.utf8.prefix(2)
            #expect(!start.elementsEqual("//".utf8) && !start.elementsEqual("/\\".utf8), "\(target)")
        }
    }

    @Test("a parameter's bytes are those of the decoded path")
    func parameterBytes() async throws {
        var app = App()
        app.get("/x/{name}/z") { _, context in
            #expect(context.parameters.bytes("name") == [0x61, 0xFF])
            let count = context.parameters.withBytes(of: "name") { $0.count }
            #expect(count == 2)
            #expect(context.parameters["other"] == nil)
            return .text("seen")
        }
        #expect(try await app.build().answer("GET", "/x/a%FF/z").text == "seen")
    }
}
