// The examples of Docs/Guide/Celery.md.
import Crane
import CraneCelery
import CraneSQLite
import Foundation
import Testing

private func openBroker(_ folder: String) throws -> (Database, CeleryBroker) {
    let database = try Database(.init(.file(folder + "/tasks.db")))
    _ = try database.migrate([.celery(1)])
    var configuration = CeleryBroker.Configuration()
    configuration.address = .unix(folder + "/celery.sock")
    let broker = try CeleryBroker(database, configuration)
    return (database, broker)
}

func celeryApp(folder: String) throws -> App {
    let (_, broker) = try openBroker(folder)
    var app = App(title: "Tasks")
    let celery = Celery(broker)
    app.post("/process", Query("data", String.self)) { data in
        let message = CeleryMessage("tasks.process_dataset", data)
        try await celery.send(message)
        return ["message": "Processing queued", "id": message.id]
    }
    app.get("/results/{id}", Path("id", String.self)) { id in
        ["status": try await celery.result(of: id)?.status ?? "PENDING"]
    }
    return app
}

private func keep(_ comment: Comment, _ database: Database, _ celery: Celery) async throws {
    try await database.write { connection in
        let comment = try connection.add(comment)
        try celery.send(CeleryMessage("tasks.notify", comment), in: connection)
    }
}

@Suite("The guide to Celery")
struct CeleryGuideTests {
    @Test("sends a task with the write that it is about")
    func transaction() async throws {
        let folder = try TemporaryFolder()
        let (database, broker) = try openBroker(folder.url.path)
        _ = try database.migrate([.celery(1), Migration(2, "comments", creating: Comment.table)])
        try await keep(Comment(id: 0, userIP: "", text: "a"), database, Celery(broker))
        #expect(broker.counters.messages == 1)
        broker.close()
        database.close()
    }
}
