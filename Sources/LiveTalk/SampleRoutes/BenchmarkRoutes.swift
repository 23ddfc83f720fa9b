import Crane

/// Routes that do next to nothing, to measure all that is around them.
struct BenchmarkRoutes: Sendable {
    func register(in app: inout App) {
        app.get("/plaintext") { _, _ in .text("Hello, World!") }
        app.get("/json") { Message(message: "Hello, World!") }.returns("application/json")
        var options = WebSocketOptions()
        // To measure compression whole, and because the Autobahn cases take nothing else.
        options.shortestCompressed = 0
        app.webSocket("/echo", options: options) { socket, _ in
            for await message in socket { try await socket.send(message) }
        }
    }
}
