// The examples of Docs/Guide/Mounting.md.
import Crane
import CraneTesting
import Testing

let administrators = Dependency(HTTPBasic()) { sent in
    guard sent.username == "ada" else { throw HTTPError(.forbidden) }
    return sent.username
}

func adminApp() -> App {
    var admin = App(title: "Administration")
    admin.middleware = [SecurityHeaders(), CSRF()]
    admin.get("/", administrators) { name in ["administrator": name] }
    admin.get("/where", ContextInput()) { context in ["path": context.rootPath] }
    return admin
}

func bookmarksApp() -> App {
    var app = App(title: "Bookmarks", version: "1.2.0", description: "Links that are worth keeping")
    app.documentation.summary = "Links"
    app.documentation.contact = .init(name: "The team", email: "team@example.com")
    app.documentation.license = .init("Apache 2.0", identifier: "Apache-2.0")
    app.documentation.servers = [.init("https://bookmarks.example", "For everybody")]
    app.documentation.tags = [.init("bookmarks", "What somebody has kept"), .init("health")]
    app.openAPI { document in document.merge(["info": ["x-logo": ["url": "/logo.png"]]]) }

    app.get("/bookmarks") { ["https://www.swift.org/"] }.tags("bookmarks")
    app.mount("/admin", adminApp())

    var status = App(title: "Status")
    status.get("/") { ["status": "all is well"] }
    app.host("status.bookmarks.example", status)
    return app
}

@Test("documents each application under its path")
func documents() async throws {
    let client = TestClient(bookmarksApp())
    let own = try await client.get("/openapi.json").json()
    #expect(own["info"]?["x-logo"]?["url"] == "/logo.png")
    let admin = try await client.get("/admin/openapi.json").json()
    #expect(admin["servers"] == [["url": "/admin"]])
}
