import Crane
import CraneSQLite

// One description: JSON, validation, the OpenAPI document and the table.
struct Todo: Record {
    let id: Int
    let title: String
    let isDone: Bool

    static let schema = Object(Todo.init) {
        Field("id", \.id)
        Field("title", \.title)
        Field("done", \.isDone, default: false)
    }

    static let table = Table<Todo>("todo")
}

struct TodoCreate: SchemaRepresentable {
    let title: String

    static let schema = Object(TodoCreate.init) {
        Field("title", \.title, .string(minLength: 1, maxLength: 200))
    }
}

struct TodoUpdate: SchemaRepresentable {
    let isDone: Bool

    static let schema = Object(TodoUpdate.init) {
        Field("done", \.isDone)
    }
}

let database = try Database(Database.Configuration(.file("todo.db")))
_ = try database.migrate([Migration(1, "todos", creating: Todo.table)])

func found(_ todo: Todo?) throws -> Todo {
    guard let todo else { throw HTTPError(.notFound, "Todo not found") }
    return todo
}

var app = App(title: "Todo", description: "What is to be done, kept in SQLite.")
var todos = APIRouter(prefix: "/todos", tags: ["todos"])

// A read runs at once, on the connection of the request's loop.
todos.get("/", Query("done", Bool?.self)) { done in
    try database.read { connection in
        try connection.select(
            Todo.self, "WHERE :done IS NULL OR done = :done ORDER BY id LIMIT 100", ["done": done])
    }
}.name("list_todos")

// A write returns when it is on the disk.
todos.post("/", Body(TodoCreate.self)) { new in
    try await database.write { connection in try connection.insert(new, into: Todo.self) }
}.status(.created).name("create_todo")

todos.put("/{id}", Path("id", Int.self), Body(TodoUpdate.self)) { id, update in
    try await database.write { connection in try found(connection.update(Todo.self, id, to: update)) }
}.name("update_todo")

todos.delete("/{id}", Path("id", Int.self)) { id in
    try await database.write { connection in try found(connection.delete(Todo.self, id)) }
}.name("delete_todo")

app.include(todos)
try await app.run(port: 8000)
database.close()
