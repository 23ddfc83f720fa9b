import Crane

/// The talk's first route.
struct DemoRoutes: Sendable {
    func register(in app: inout App) {
        app.get("/", name: "read_root") { Message(message: "Hello, World!") }
    }
}
