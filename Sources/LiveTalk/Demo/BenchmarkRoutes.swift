import Crane

/// Routes that do next to nothing, to measure all that is around them.
struct BenchmarkRoutes: Sendable {
    func register(in app: inout App) {
        app.get("/plaintext") { _, _ in .text("Hello, World!") }
        app.get("/json") { Message(message: "Hello, World!") }
    }
}
