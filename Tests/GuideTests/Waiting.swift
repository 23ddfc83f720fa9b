// The examples of Docs/Guide/Waiting.md.
import Crane
import Foundation

func pingsApp(delay: Duration = .milliseconds(50)) -> App {
    var app = App(title: "Pings")

    // Blocks its loop: every other client of that loop waits.
    app.get("/terrible-ping") {
        block(for: delay)
        return ["pong": true]
    }

    // Blocks a worker thread.
    app.get("/good-ping", ContextInput()) { context in
        try await context.blocking { block(for: delay) }
        return ["pong": true]
    }

    // Blocks nothing.
    app.get("/perfect-ping", ContextInput()) { context in
        try await context.sleep(for: delay)
        return ["pong": true]
    }
    return app
}

private func block(for delay: Duration) {
    Thread.sleep(forTimeInterval: delay / .seconds(1))
}
