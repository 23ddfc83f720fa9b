import CraneHTTP
import CraneTesting
import Foundation
import HTTPTypes
import Testing

@testable import Crane

@Suite("Static files")
struct StaticFileTests {
    private let outside: Folder
    private let folder: Folder

    init() throws {
        outside = try Folder(["secret.txt": "secret"])
        folder = try Folder([
            "index.html": "<h1>Home</h1>", "app.js": "let plain = 1", "app.js.gz": "gzip bytes",
            "app.js.br": "brotli bytes", "photo.png": "png", "photo.png.gz": "never",
            "docs/index.html": "<h1>Docs</h1>", "docs/a b.txt": "blank", ".env": "PASSWORD=1",
            ".git/config": "hidden", "empty/x.txt": "x",
        ])
        try folder.link("inside.js", to: "app.js")
        try folder.link("outside.txt", to: "\(outside.path)/secret.txt")
        try folder.link("up", to: outside.path)
    }

    private func app(
        _ path: String = "/static", index: String? = "index.html", fallback: String? = nil
    ) -> App {
        var app = App.quiet
        app.files(
            path, in: folder.path, cacheControl: "public, max-age=60", index: index, fallback: fallback)
        return app
    }

    private func line(_ target: String, in app: App? = nil) async throws -> String {
        try await (app ?? self.app()).answer("GET", target).line
    }

    @Test("a file is sent with its type, a tag, its time, and what was said of keeping it")
    func fields() async throws {
        let answer = try await app().answer("GET", "/static/app.js")
        #expect(answer.line == "200 let plain = 1")
        #expect(answer.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "public, max-age=60")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.vary] == "Accept-Encoding")
        let tag = try #require(answer.headers[.eTag])
        let time = try #require(answer.headers[.lastModified])
        for condition in [("if-none-match", tag), ("if-modified-since", time)] {
            let again = try await app().answer("GET", "/static/app.js", [condition])
            #expect(again.status == .notModified && again.text == "" && again.headers[.eTag] == tag)
        }
        #expect(
            try await app().answer("GET", "/static/app.js", [("if-match", "\"x\"")]).status
                == .preconditionFailed)
        #expect(try await app().answer("GET", "/static/photo.png").headers[.vary] == nil)
        #expect(try await line("/static/docs/a%20b.txt") == "200 blank")
        #expect(try await line("/static/inside.js") == "200 let plain = 1")
        #expect(try await app().answer("POST", "/static/app.js").status == .methodNotAllowed)
    }

    @Test("ranges are sent, one and several, and HEAD has the length of all")
    func ranges() async throws {
        let part = try await app().answer("GET", "/static/app.js", [("range", "bytes=4-8")])
        #expect(part.line == "206 plain" && part.headers[.contentRange] == "bytes 4-8/13")
        let several = try await app().answer("GET", "/static/app.js", [("range", "bytes=0-2,-1")])
        #expect(several.status == .partialContent)
        #expect(several.headers[.contentType]?.hasPrefix("multipart/byteranges") == true)
        let none = try await app().answer("GET", "/static/app.js", [("range", "bytes=99-")])
        #expect(none.status == .rangeNotSatisfiable && none.headers[.contentRange] == "bytes */13")
        let head = try await TestClient(app()).head("/static/app.js")
        #expect(head.status == .ok && head.body.isEmpty)
    }

    @Test("what lies beside a file in a coding is sent to who likes it best, and to no one else")
    func codings() async throws {
        for (accepted, coding, text) in [
            ("br, gzip", "br", "brotli bytes"), ("gzip", "gzip", "gzip bytes"),
            ("br;q=0.1, gzip", "gzip", "gzip bytes"), ("zstd", nil, "let plain = 1"),
            ("zstd, gzip;q=0.5", "gzip", "gzip bytes"), ("gzip;q=0, br;q=0", nil, "let plain = 1"),
            ("*", "br", "brotli bytes"), ("", nil, "let plain = 1"),
        ] as [(String, String?, String)] {
            let answer = try await app().answer("GET", "/static/app.js", [("accept-encoding", accepted)])
            #expect(answer.text == text && answer.headers[.contentEncoding] == coding, "\(accepted)")
            #expect(answer.headers[.contentType] == "text/javascript; charset=utf-8")
        }
        let plain = try await app().answer("GET", "/static/app.js")
        let coded = try await app().answer("GET", "/static/app.js", [("accept-encoding", "gzip")])
        #expect(plain.headers[.eTag] != coded.headers[.eTag])
        let picture = try await app().answer("GET", "/static/photo.png", [("accept-encoding", "gzip")])
        #expect(picture.text == "png" && picture.headers[.contentEncoding] == nil)
    }

    @Test(
        "nothing outside the folder is sent, and nothing that is hidden",
        arguments: [
            "/static/../secret.txt", "/static/..%2Fsecret.txt", "/static/%2e%2e/secret.txt",
            "/static/docs/../../secret.txt", "/static/docs/..%2f..%2fsecret.txt", "/static//etc/passwd",
            "/static/%2Fetc%2Fpasswd", "/static//app.js", "/static/docs//index.html", "/static/outside.txt",
            "/static/up/secret.txt", "/static/up/", "/static/.env", "/static/.git/config", "/static/./app.js",
            "/static/app.js%00", "/static/app.js%00.html", "/static/..%5Capp.js", "/static/docs%5Cindex.html",
            "/static/docs%2Findex.html", "/static/docs%2findex.html", "/static/app.js/", "/static/app.js/x",
            "/static/%FF%FE", "/static/app.js%0A", "/static/%252e%252e/secret.txt", "/static/...",
            "/static/empty/", "/static/empty", "/static/~root", "/static/app.js;x", "/static/APP.JS",
        ])
    func nothingElse(_ target: String) async throws {
        let answer = try await app().answer("GET", target)
        #expect(answer.status == .notFound, "\(target): \(answer.line)")
    }

    @Test("a very long name is none")
    func longNames() async throws {
        #expect(try await line("/static/" + String(repeating: "a", count: 3000)).hasPrefix("404"))
        #expect(try await line("/static/" + String(repeating: "a/", count: 2500)).hasPrefix("404"))
    }

    @Test("a folder is its index, under an address with a slash")
    func indexes() async throws {
        #expect(try await line("/static/") == "200 <h1>Home</h1>")
        #expect(try await line("/static/docs/") == "200 <h1>Docs</h1>")
        let moved = try await app().answer("GET", "/static/docs?x=1")
        #expect(moved.status == .temporaryRedirect && moved.headers[.location] == "/static/docs/?x=1")
        #expect(try await app().answer("GET", "/static").headers[.location] == "/static/")
        let plain = app(index: nil)
        #expect(try await line("/static/docs/", in: plain).hasPrefix("404"))
        #expect(try await line("/static/docs", in: plain).hasPrefix("404"))
        #expect(try await line("/static/", in: plain).hasPrefix("404"))
    }

    @Test("a page's script may know paths of its own; what is called like a file is missing all the same")
    func fallback() async throws {
        var app = app("/", fallback: "index.html")
        app.get("/api/notes") { ["notes": 1] }
        #expect(try await line("/", in: app) == "200 <h1>Home</h1>")
        #expect(try await line("/settings/profile", in: app) == "200 <h1>Home</h1>")
        #expect(try await line("/docs/", in: app) == "200 <h1>Docs</h1>")
        #expect(try await line("/docs/unknown/", in: app) == "200 <h1>Home</h1>")
        #expect(try await line("/app.js", in: app) == "200 let plain = 1")
        #expect(try await line("/missing.js", in: app).hasPrefix("404"))
        #expect(try await line("/.env", in: app).hasPrefix("404"))
        #expect(try await line("/api/notes", in: app) == #"200 {"notes":1}"#)
    }

    @Test("what is not there is the application's to answer")
    func unmatched() async throws {
        var app = app()
        app.onUnmatched { request, _ in .text("nothing at \(request.path)", status: .notFound) }
        #expect(try await line("/static/none.js", in: app) == "404 nothing at /static/none.js")
        #expect(try await line("/static/.env", in: app) == "404 nothing at /static/.env")
        #expect(try await line("/elsewhere", in: app) == "404 nothing at /elsewhere")
    }

    @Test("a folder that is not there is a mistake at the start; one that goes is empty")
    func missingFolder() async throws {
        var app = App.quiet
        app.files("/static", in: "\(folder.path)/none")
        #expect(throws: RegistrationError.self) { try app.checked() }
        let going = try Folder(["a.txt": "a", "b/c.txt": "c"])
        var other = App.quiet
        other.files("/", in: going.path)
        #expect(try await line("/a.txt", in: other) == "200 a")
        let built = other.build()
        try FileManager.default.removeItem(atPath: going.path)
        #expect(await built.response(to: try Call("GET", "/a.txt").request()).status == .notFound)
    }

    @Test("a link to the folder may be put elsewhere while it is served")
    func release() async throws {
        let (old, new) = (try Folder(["a.txt": "old"]), try Folder(["a.txt": "new"]))
        let place = try Folder()
        try place.link("current", to: old.path)
        var app = App.quiet
        app.files("/", in: "\(place.path)/current")
        #expect(try await line("/a.txt", in: app) == "200 old")
        try FileManager.default.removeItem(atPath: "\(place.path)/current")
        try place.link("current", to: new.path)
        #expect(try await line("/a.txt", in: app) == "200 new")
    }

    @Test("files of the program are served in the same way")
    func embedded() async throws {
        let style = String(repeating: "b { color: red }\n", count: 50)
        var app = App.quiet
        app.files(
            "/ui",
            embedded: [
                EmbeddedFile("index.html", Array("<h1>UI</h1>".utf8)),
                EmbeddedFile("css/board.css", Array(style.utf8)),
                EmbeddedFile("help/index.html", Array("<h1>Help</h1>".utf8)),
            ], cacheControl: "no-cache", fallback: "index.html")
        #expect(try await line("/ui/", in: app) == "200 <h1>UI</h1>")
        #expect(try await line("/ui/talks/3", in: app) == "200 <h1>UI</h1>")
        #expect(try await app.answer("GET", "/ui/help").headers[.location] == "/ui/help/")
        #expect(try await line("/ui/css/none.css", in: app).hasPrefix("404"))
        #expect(try await line("/ui/css%2Fboard.css", in: app).hasPrefix("404"))
        let plain = try await app.answer("GET", "/ui/css/board.css", [("range", "bytes=0-0")])
        #expect(plain.line == "206 b" && plain.headers[.cacheControl] == "no-cache")
        let coded = try await app.answer("GET", "/ui/css/board.css", [("accept-encoding", "gzip")])
        #expect(coded.headers[.contentEncoding] == "gzip")
        #expect(try #require(coded.body.length) < 200)
    }

    @Test("over a socket paths are what the client has sent")
    func wire() async throws {
        try await TestClient.live(app()) { (client) async throws in
            #expect(try await client.get("/static/app.js").text == "let plain = 1")
            #expect(try await client.get("/static/../.env").status == .notFound)
            #expect(try await client.get("/static/docs").text == "<h1>Docs</h1>")
            let head = try await client.head("/static/app.js")
            #expect(head.headers[.contentLength] == "13" && head.body.isEmpty)
        }
    }
}
