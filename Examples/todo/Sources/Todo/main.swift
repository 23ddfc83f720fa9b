import Crane
import CraneSQLite

struct TodoCreate: Describable {
    let title: String

    static let schema = Object(TodoCreate.init) {
        Field("title", \.title, .string(minLength: 1, maxLength: 200))
    }
}

struct TodoUpdate: Describable {
    let isDone: Bool

    static let schema = Object(TodoUpdate.init) {
        Field("done", \.isDone)
    }
}

struct Todo: Describable {
    let id: Int
    let title: String
    let isDone: Bool

    static let schema = Object(Todo.init) {
        Field("id", \.id)
        Field("title", \.title)
        Field("done", \.isDone)
    }
}

extension Todo {
    init(row: Statement) {
        self.init(id: row.int(at: 0), title: row.text(at: 1), isDone: row.int(at: 2) != 0)
    }
}

extension Migration {
    static let todos = Migration(
        1, "todos",
        sql: """
            CREATE TABLE todo (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                title TEXT NOT NULL,
                done INTEGER NOT NULL DEFAULT 0
            );
            """)
}

let database = try Database(Database.Configuration(.file("todo.db")))
_ = try database.migrate([.todos])
let notFound = HTTPError(.notFound, "Todo not found")

var app = App(title: "Todo", description: "What is to be done, kept in SQLite.")
var todos = APIRouter(prefix: "/todos", tags: ["todos"])

// A read runs at once, on the connection of the request's loop.
todos.get("/", Query("done", Bool?.self), ContextInput()) { done, context in
    try database.read(slot: context.loop.index) { connection in
        let rows = try connection.prepare(
            "SELECT id, title, done FROM todo WHERE ?1 IS NULL OR done = ?1 ORDER BY id LIMIT 100")
        try rows.bind(done.map { $0 ? 1 : 0 }, at: 1)
        var found: [Todo] = []
        while try rows.step() { found.append(Todo(row: rows)) }
        return found
    }
}.name("list_todos")

// A write returns when it is on the disk.
todos.post("/", Body(TodoCreate.self)) { new in
    try await database.write { connection in
        let insert = try connection.prepare("INSERT INTO todo (title) VALUES (?1) RETURNING id, title, done")
        try insert.bind(new.title, at: 1)
        guard try insert.step() else { throw HTTPError(.internalServerError) }
        return Todo(row: insert)
    }
}.status(.created).name("create_todo")

todos.put("/{id}", Path("id", Int.self), Body(TodoUpdate.self)) { id, update in
    try await database.write { connection in
        let change = try connection.prepare(
            "UPDATE todo SET done = ?1 WHERE id = ?2 RETURNING id, title, done")
        try change.bind(update.isDone ? 1 : 0, at: 1)
        try change.bind(id, at: 2)
        guard try change.step() else { throw notFound }
        return Todo(row: change)
    }
}.name("update_todo")

todos.delete("/{id}", Path("id", Int.self)) { id in
    try await database.write { connection in
        let delete = try connection.prepare("DELETE FROM todo WHERE id = ?1 RETURNING id, title, done")
        try delete.bind(id, at: 1)
        guard try delete.step() else { throw notFound }
        return Todo(row: delete)
    }
}.name("delete_todo")

app.include(todos)
try await app.run(port: 8000)
database.close()
