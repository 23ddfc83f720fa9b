import Crane
import CraneTesting
import Testing

let currentUser = Dependency(HTTPBearer()) { sent in sent.credentials }

func makeApp() -> App {
    var app = App(title: "Greeter")
    app.get("/greeting", currentUser) { user in "Hello, \(user)!" }
    return app
}

@Test("greets whoever has a token")
func greeting() async throws {
    let client = TestClient(makeApp())
    let answer = try await client.get("/greeting", headers: [.authorization: "Bearer ada"])
    #expect(answer.status == .ok)
    #expect(try answer.decoded(as: String.self) == "Hello, ada!")
    let refused = try await client.get("/greeting")
    #expect(refused.status == .forbidden)
}

@Test("greets without a token when the user is given")
func overridden() async throws {
    var app = makeApp()
    app.override(currentUser) { "grace" }
    let answer = try await TestClient(app).get("/greeting")
    #expect(answer.text == "\"Hello, grace!\"")
}

@Test("greets over a socket")
func live() async throws {
    try await TestClient.live(makeApp()) { (client) async throws in
        let answer = try await client.get("/greeting", headers: [.authorization: "Bearer ada"])
        #expect(answer.status == .ok)
    }
}

@Test("keeps the cookie, and takes JSON and an upload")
func requests() async throws {
    let client = TestClient(responsesApp(folder: "."))
    _ = try await client.post("/login", form: ["name": "ada"])
    #expect(client.cookies == ["session": "ada"])
    #expect(try await client.get("/session").json() == ["session": "ada"])

    #expect(try await client.post("/names", json: #""grace""#).json() == ["name": "grace"])
    #expect(try await client.post("/names", json: JSONValue.string("grace")).status == .created)

    let body = """
        --b\r\nContent-Disposition: form-data; name="title"\r\n\r\nWelcome\r
        --b\r\nContent-Disposition: form-data; name="poster"; filename="p.png"\r\n\r\nPNG\r
        --b--\r\n
        """
    let upload = TestRequest(
        .post, "/posters", headers: [.contentType: "multipart/form-data; boundary=b"], body: Array(body.utf8))
    #expect(try await client.send(upload).json() == ["title": "Welcome", "file": "p.png", "bytes": 3])
}
