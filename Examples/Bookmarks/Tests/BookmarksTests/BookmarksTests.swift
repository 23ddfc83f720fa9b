import Crane
import CraneClient
import CraneService
import CraneTesting
import Testing

@testable import Bookmarks

@Suite("Bookmarks")
struct BookmarksTests {
    private let app: App
    private let upstream = MockUpstream()

    init() throws {
        var settings = Settings()
        settings.database = ""
        settings.resources =
            #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Resources"
        let context = try ServiceContext("Bookmarks", settings.server, log: .standardError())
        let service = try Bookmarks(settings, context)
        var app = service.app(for: settings, in: context)
        app.http = upstream.client
        self.app = app
    }

    /// A client of somebody who has logged in.
    private func client(_ name: String = "ada") async throws -> TestClient {
        let client = TestClient(app, host: "localhost")
        let credentials: JSONValue = ["name": .string(name), "password": "analytical engine"]
        #expect(try await client.post("/account/", json: credentials).status == .created)
        #expect(try await client.post("/account/login", json: credentials).status == .ok)
        return client
    }

    @Test("are kept, found by their tags, changed and removed")
    func keeping() async throws {
        let client = try await client()
        let made = try await client.post(
            "/v1/bookmarks/",
            json: [
                "url": "https://www.swift.org/", "title": "Swift", "tags": ["swift", "language"],
                "remindOn": "2030-01-02",
            ])
        #expect(made.status == .created)
        let id = try made.decoded(as: BookmarkView.self).id
        #expect(try made.json()["remindOn"] == "2030-01-02" && made.json()["owner"] == nil)
        #expect(try await client.get("/v1/bookmarks/?tag=swift&tag=language").json()["total"] == 1)
        #expect(try await client.get("/v1/bookmarks/?tag=rust").json()["total"] == 0)
        let path = "/v1/bookmarks/\(id)"
        #expect(try await client.patch(path, json: ["notes": "read twice"]).json()["notes"] == "read twice")
        #expect(try await client.patch(path, json: ["title": "Swift.org"]).json()["notes"] == "read twice")
        #expect(try await client.patch(path, json: ["notes": nil]).json()["notes"] == nil)
        #expect(try await client.delete(path).status == .noContent)
        #expect(
            try await client.get(path).json() == [
                "type": "about:blank", "title": .string("There is no bookmark \(id)"), "status": 404,
            ])
    }

    @Test("belong to who has kept them, who logs in by a cookie or a token")
    func owners() async throws {
        let ada = try await client()
        _ = try await ada.post("/v1/bookmarks/", json: ["url": "https://a.example", "title": "A"])
        #expect(try await client("grace").get("/v1/bookmarks/1").status == .notFound)
        let stranger = TestClient(app, host: "localhost")
        #expect(try await stranger.get("/v1/bookmarks/").status == .unauthorized)
        let wrong: JSONValue = ["name": "ada", "password": "difference engine"]
        #expect(try await stranger.post("/account/login", json: wrong).status == .unauthorized)
        let token = try await stranger.post(
            "/account/login", json: ["name": "ada", "password": "analytical engine"]
        )
        .decoded(as: Welcome.self).token
        let bearer = TestClient(app, host: "localhost")
        let list = try await bearer.get("/v1/bookmarks/", headers: [.authorization: "Bearer \(token)"])
        #expect(try list.json()["total"] == 1)
    }

    @Test("are refused with every mistake in one answer")
    func mistakes() async throws {
        let answer = try await client().post(
            "/v1/bookmarks/", json: ["url": "ftp://x", "title": "", "remindOn": "soon"])
        #expect(answer.status == .unprocessableContent)
        #expect(answer.headers[.contentType] == "application/problem+json")
        guard case .array(let errors)? = try answer.json()["errors"] else { throw HTTPError(500) }
        #expect(errors.count == 3)
    }

    @Test("ask the link's server, which is none in tests")
    func check() async throws {
        upstream.on(.get, "https://a.example") { _ in .text("gone", status: .gone) }
        let client = try await client()
        _ = try await client.post("/v1/bookmarks/", json: ["url": "https://a.example", "title": "A"])
        #expect(try await client.get("/v1/bookmarks/1/check").json() == ["status": "410"])
    }

    @Test("go out and come back as lines")
    func lines() async throws {
        let client = try await client()
        let lines =
            #"{"url":"https://a.example","title":"A"}"# + "\n" + #"{"url":"https://b.example","title":"B"}"#
            + "\n"
        let sent = TestRequest(
            .post, "/v1/import", headers: [.contentType: "application/jsonl"], body: Array(lines.utf8))
        #expect(try await client.send(sent).json() == ["added": 2])
        #expect(try await client.get("/v1/export").text.split(separator: "\n").count == 2)
    }

    @Test("are talked about in a room")
    func room() async throws {
        let (ada, grace) = (try await client(), try await client("grace"))
        let (first, second) = (try await ada.webSocket("/v1/room"), try await grace.webSocket("/v1/room"))
        try await first.send("hello")
        #expect(try await first.next() == .text("ada: hello"))
        #expect(try await second.next() == .text("ada: hello"))
        try await first.close()
        try await second.close()
    }

    @Test("are suggested by a form that no other site sends")
    func page() async throws {
        let client = TestClient(app, host: "localhost")
        let home = try await client.get("/").text
        let token = home.split(separator: "\"").first { $0.utf8.count == 43 }
        let form: KeyValuePairs = ["url": "https://new.example", "csrf_token": String(token ?? "")]
        #expect(
            try await client.post("/suggestions", form: form).text.contains(
                "Thank you for https://new.example."))
        #expect(
            try await client.post("/suggestions", form: ["url": "https://new.example"]).status == .forbidden)
        #expect(try await client.get("/static/style.css").status == .ok)
    }

    @Test("are documented, old paths as such, and have the shape of errors everywhere")
    func documentation() async throws {
        let client = TestClient(app, host: "localhost")
        let document = try await client.get("/openapi.json").json()
        #expect(document["paths"]?["/v0/bookmarks/"]?["get"]?["deprecated"] == true)
        #expect(document["paths"]?["/v1/bookmarks/"]?["get"]?["deprecated"] == nil)
        #expect(document["components"]?["schemas"]?["Page_BookmarkView_"] != nil)
        #expect(
            try await client.get("/nowhere").json() == [
                "type": "about:blank", "title": "Nothing is at /nowhere", "status": 404,
            ])
        #expect(try await client.get("/about/").json() == ["client": 1])
        #expect(try await client.get("/metrics").text.contains("bookmarks_kept 0"))
    }
}
