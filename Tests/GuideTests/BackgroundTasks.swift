// The examples of Docs/Guide/BackgroundTasks.md.
import Crane
import Synchronization

struct Outbox: Sendable {
    static let sent = Mutex<[String]>([])

    func send(_ text: String) throws {
        if text.isEmpty { throw HTTPError(.badRequest, "nothing to send") }
        Outbox.sent.withLock { $0.append(text) }
    }
}

func tasksApp() -> App {
    var app = App(title: "Tasks")
    app.post(
        "/process", Query("data", String.self), BackgroundTasksInput(), ContextInput()
    ) { data, tasks, context in
        tasks.add { try await context.blocking { try Outbox().send(data) } }
        tasks.add { try Outbox().send("done") }
        return ["message": "Processing started"]
    }.name("start_processing")
    app.get("/sent") { Outbox.sent.withLock { $0 } }
    return app
}
