import Crane
import Schema

/// The talk's first route.
struct DemoRoutes: Sendable {
    func register(in app: inout App) {
        app.get("/") { _, _ in .json(Message.schema.encode(Message(message: "Hello, World!"))) }
    }
}
