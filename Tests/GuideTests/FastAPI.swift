// What the table of Docs/FastAPI.md shows and no chapter of the guide does.
import Crane
import CraneSQLite
import CraneTesting
import Testing

private func makeTable() -> App {
    var app = App(title: "LiveTalk API v1", description: "A simple REST API built for a talk")
    app.get("/") { ["message": "Hello, World!"] }
    app.get("/by-talk", Query("talk_id", Int?.self)) { talk in ["talk_id": talk] }
    app.get("/agent", Header("user_agent", String?.self), Cookie("session", String?.self)) { agent, session in
        [agent, session]
    }
    app.post("/form", Form("name", String.self)) { name in name }
    app.post("/file", Upload("file")) { file in file.size }
    app.get("/html") { HTML("<h1>Talks</h1>") }
    app.get("/plain") { PlainText("Talks") }
    app.get("/elsewhere") { RedirectResponse(to: "/docs") }
    app.get("/slides") { FileResponse("slides.pdf") }
    app.get("/csv") {
        StreamingResponse("text/csv") { writer in try await writer.write(Array("a,b\n".utf8)) }
    }
    app.get("/basic", HTTPBasic()) { sent in sent.username }
    return app
}

/// Never called: they would make a file, and serve until the end.
private func start(_ app: App) async throws {
    let database = try Database(Database.Configuration(.file("comments.db")))
    _ = try database.migrate([.comments])
    try await app.run(workers: 4)
}

private func startBlocking(_ app: App) throws {
    try app.runBlocking(port: 8000)
}

@Suite("Docs/FastAPI.md")
struct FastAPITable {
    @Test("has a test as the talk's")
    func readRoot() async throws {
        let app = makeTable()
        let client = TestClient(app)
        let response = try await client.get("/")
        #expect(response.status == .ok)
        #expect(response.text == #"{"message":"Hello, World!"}"#)
    }

    @Test("has answers that are no JSON")
    func answers() async throws {
        let client = TestClient(makeTable(), followsRedirects: false)
        #expect(try await client.get("/html").text == "<h1>Talks</h1>")
        #expect(try await client.get("/plain").headers[.contentType] == "text/plain; charset=utf-8")
        #expect(try await client.get("/csv").text == "a,b\n")
        #expect(try await client.get("/elsewhere").headers[.location] == "/docs")
        #expect(try await client.post("/form", form: ["name": "ada"]).text == "\"ada\"")
    }

    @Test("has a document")
    func document() throws {
        let app = makeTable()
        #expect(try JSONValue.parse(app.openAPI())["openapi"] != nil)
    }
}
