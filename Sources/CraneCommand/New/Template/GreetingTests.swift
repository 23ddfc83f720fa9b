import Crane
import CraneTesting
import Testing

@testable import Starter

@Suite("Greetings")
struct GreetingTests {
    private let client: TestClient

    init() {
        var app = App()
        GreetingRoutes(word: "Hello").register(in: &app)
        client = TestClient(app)
    }

    @Test("name whom they greet")
    func greeting() async throws {
        let answer = try await client.get("/greetings/ada")
        #expect(answer.status == .ok)
        #expect(try answer.json() == ["message": "Hello, ada!"])
    }

    @Test("are refused for a name that is too long")
    func bound() async throws {
        let answer = try await client.get("/greetings/" + String(repeating: "a", count: 41))
        #expect(answer.status == .unprocessableContent)
    }
}
