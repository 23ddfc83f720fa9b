import Crane
import CraneTesting
import HTTPTypes
import Testing

@Suite("The example of a chat")
struct ChatExampleTests {
    @Test(
        "lets everybody in a room hear what one says",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"))
    func conversation() async throws {
        let folder = try TemporaryFolder()
        let server = try await RunningProgram.compiled(
            "Examples/chat/Sources/Chat/main.swift", in: folder.url)
        let client = TestClient(LiveTransport(port: UInt16(server.port)), host: "127.0.0.1:\(server.port)")
        let ada = try await client.webSocket("/rooms/7?name=ada")
        #expect(try await ada.next() == .text("ada is here"))
        let grace = try await client.webSocket("/rooms/7?name=grace")
        try await grace.send("hello")
        for text in ["grace is here", "grace: hello"] {
            #expect(try await grace.next() == .text(text))
            #expect(try await ada.next() == .text(text))
        }
        #expect(try await client.get("/rooms").text == #"{"7":2}"#)
        try await grace.close()
        #expect(try await ada.next() == .text("grace has left"))
        try await ada.close()
    }

    @Test(
        "refuses other pages and shows its own",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"))
    func pages() async throws {
        let folder = try TemporaryFolder()
        let server = try await RunningProgram.compiled(
            "Examples/chat/Sources/Chat/main.swift", in: folder.url)
        let host = "127.0.0.1:\(server.port)"
        let client = TestClient(LiveTransport(port: UInt16(server.port)), host: host)
        let page = try await client.get("/")
        #expect(page.headers[.contentType]?.hasPrefix("text/html") == true)
        let refused = await #expect(throws: WebSocketRefusal.self) {
            _ = try await client.webSocket("/rooms/7?name=eve", headers: [.origin: "https://evil.example"])
        }
        #expect(refused?.response.status == .forbidden)
        let own = try await client.webSocket("/rooms/7?name=ada", headers: [.origin: "http://\(host)"])
        try await own.close()
    }
}
