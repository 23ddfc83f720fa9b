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
