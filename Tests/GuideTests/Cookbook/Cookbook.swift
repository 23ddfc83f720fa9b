import Crane
import CraneTesting
import Foundation
import Testing

func cookbookApp(folder: String) throws -> App {
    var app = App(title: "Cookbook")
    app.middleware = [RequestID(from: .everyone), Compression(minimumSize: 500)]
    addInputRecipes(to: &app)
    addResponseRecipes(to: &app, folder: folder)
    addGuardRecipes(to: &app)
    try addDatabaseRecipes(to: &app)

    app.get("/long") { PlainText(String(repeating: "All is quiet. ", count: 200)) }

    app.put("/pictures/{id}", Path("id", Int.self), BodyStream("image/png", upTo: 1 << 20), ContextInput()) {
        id, picture, context in
        ["bytes": try await picture.save(to: "\(folder)/\(id).png", on: context)]
    }

    app.webSocket("/shout") { socket in
        for await case .text(let text) in socket { try await socket.send(text.uppercased()) }
    }
    return app
}

@Suite("The cookbook")
struct CookbookTests {
    private func client() throws -> TestClient {
        TestClient(try cookbookApp(folder: NSTemporaryDirectory()))
    }

    @Test("shouts back")
    func shouting() async throws {
        let socket = try await client().webSocket("/shout")
        try await socket.send("hello")
        #expect(try await socket.next() == .text("HELLO"))
    }

    @Test("has a test that replaces what a route depends on")
    func replaced() async throws {
        var app = App(title: "Replaced")
        let clock = Dependency { "noon" }
        app.get("/time", clock) { time in ["time": time] }
        app.override(clock) { "midnight" }
        #expect(try await TestClient(app).get("/time").json() == ["time": "midnight"])
    }

    @Test("has 25 recipes and more, each with a program")
    func recipes() throws {
        let document = try Document("Docs/Cookbook.md")
        let titles = document.text.matches(of: /(?m)^### (.+)$/).map { String($0.1) }
        #expect(titles.count >= 25)
        let shown = Set(document.blocks(of: "swift").map(\.section))
        #expect(titles.filter { !shown.contains($0) } == [])
    }
}
