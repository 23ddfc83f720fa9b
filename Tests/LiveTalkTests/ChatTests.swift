import Crane
import CraneService
import CraneTesting
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("The talk's WebSockets", .timeLimit(.minutes(1)))
struct ChatTests {
    private func client(_ change: (inout Settings) -> Void = { _ in }) throws -> TestClient {
        var settings = Settings()
        change(&settings)
        return TestClient(InMemoryTransport(try Client(settings).responder))
    }

    private func refusal(
        _ client: TestClient, _ target: String, _ headers: HTTPFields = [:]
    ) async throws -> TestResponse? {
        await #expect(throws: WebSocketRefusal.self) {
            _ = try await client.webSocket(target, headers: headers)
        }?.response
    }

    @Test("send back every text with Echo before it, to whom it came from")
    func echo() async throws {
        let client = try client()
        let first = try await client.webSocket("/chat")
        let second = try await client.webSocket("/chat")
        try await first.send("hello")
        try await second.send("")
        try await first.send("grüße, 🦩")
        #expect(try await second.next() == .text("Echo: "))
        #expect(try await first.next() == .text("Echo: hello"))
        #expect(try await first.next() == .text("Echo: grüße, 🦩"))
        try await first.close()
        #expect(first.closeCode == .normal)
        try await second.close(.goingAway)
        #expect(second.closeCode == .goingAway)
    }

    @Test("end the conversation in good order at what is no text")
    func binary() async throws {
        let socket = try await client().webSocket("/chat")
        try await socket.send([1, 2, 3])
        #expect(try await socket.next() == nil)
        #expect(socket.closeCode == .normal)
        #expect(socket.closeReason.isEmpty)
    }

    @Test("refuse an unknown path with an empty 403, a strange host with 400")
    func refusals() async throws {
        let client = try client()
        for target in ["/chat/", "/nope", "/", "/comments/", "/echo"] {
            let answer = try await refusal(client, target)
            #expect(answer?.status == .forbidden)
            #expect(answer?.body.isEmpty == true)
        }
        let host = try await refusal(client, "/chat", [HTTPField.Name("Host")!: "evil.com"])
        #expect(host?.status == .badRequest)
        #expect(host?.text == "Invalid host header")
        #expect(try await client.get("/chat").status == .notFound)
    }

    @Test("let pages in that CORS lets in, and the host's own")
    func origins() async throws {
        let everyone = try client()
        _ = try await everyone.webSocket("/chat", headers: [.origin: "https://any.example"])
        let few = try client { $0.corsAllowOrigins = ["https://talk.example"] }
        for origin in ["https://talk.example", "http://testserver"] {
            _ = try await few.webSocket("/chat", headers: [.origin: origin])
        }
        #expect(try await refusal(few, "/chat", [.origin: "https://any.example"])?.status == .forbidden)
    }

    @Test("let the host's own pages in alone when CORS is off")
    func noOrigins() async throws {
        let client = try client { $0.corsAllowOrigins = [] }
        #expect(try await refusal(client, "/chat", [.origin: "https://any.example"])?.status == .forbidden)
        _ = try await client.webSocket("/chat", headers: [.origin: "http://testserver"])
        _ = try await client.webSocket("/chat")
    }

    @Test("count against the rate limit as any request")
    func rateLimit() async throws {
        let client = try client { $0.rateLimit = RateRule(count: 1, seconds: 60) }
        _ = try await client.webSocket("/chat")
        let answer = try await refusal(client, "/chat")
        #expect(answer?.status == .tooManyRequests)
        #expect(answer?.headers[.retryAfter] != nil)
    }

    @Test("have the benchmark's echo for text and bytes, when asked")
    func benchmark() async throws {
        let socket = try await client { $0.benchmarkRoutes = true }.webSocket("/echo")
        try await socket.send("text")
        try await socket.send([0, 1, 255])
        #expect(try await socket.next() == .text("text"))
        #expect(try await socket.next() == .binary([0, 1, 255]))
        try await socket.close()
    }
}
