// The examples of Docs/Guide/Services.md.
import Crane
import CraneSQLite

struct CommentCreate: Describable {
    let userIP: String
    let text: String

    static let schema = Object(CommentCreate.init, description: "Create a comment") {
        Field("user_ip", \.userIP, .string(maxLength: 45))
        Field("comment_text", \.text, .string(minLength: 1))
    }
}

struct Comment: Describable {
    let id: Int
    let userIP: String
    let text: String

    static let schema = Object(Comment.init, description: "Read a comment") {
        Field("id", \.id)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
    }
}

extension Migration {
    static let comments = Migration(
        1, "comments",
        sql: """
            CREATE TABLE comment (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                user_ip TEXT NOT NULL,
                comment_text TEXT NOT NULL
            );
            CREATE INDEX idx_user_ip ON comment (user_ip);
            """)
}

func openDatabase(_ location: Database.Configuration.Location) throws -> Database {
    let database = try Database(Database.Configuration(location))
    _ = try database.migrate([.comments])
    return database
}

struct CommentService: Sendable {
    let database: Database
    let slot: Int

    func read(_ id: Int) throws -> Comment {
        let comment = try database.read(slot: slot) { connection in
            let row = try connection.prepare("SELECT id, user_ip, comment_text FROM comment WHERE id = ?1")
            try row.bind(id, at: 1)
            return try row.step() ? Comment(row: row) : nil
        }
        guard let comment else { throw HTTPError(.notFound, "Comment not found") }
        return comment
    }

    func create(_ new: CommentCreate) async throws -> Comment {
        try await database.write { connection in
            let insert = try connection.prepare(
                "INSERT INTO comment (user_ip, comment_text) VALUES (?1, ?2) RETURNING id, user_ip, comment_text"
            )
            try insert.bind(new.userIP, at: 1)
            try insert.bind(new.text, at: 2)
            guard try insert.step() else { throw HTTPError(.internalServerError) }
            return Comment(row: insert)
        }
    }
}

extension Comment {
    init(row: Statement) {
        self.init(id: row.int(at: 0), userIP: row.text(at: 1), text: row.text(at: 2))
    }
}

func commentRouter(_ service: Dependency<CommentService>) -> APIRouter {
    var router = APIRouter(prefix: "/comments", tags: ["comments"])
    router.post("/", Body(CommentCreate.self), service) { comment, service in
        try await service.create(comment)
    }.name("create_comment").description("Create a new comment.")
    router.get("/{comment_id}", Path("comment_id", Int.self), service) { id, service in
        try service.read(id)
    }.name("read_comment").description("Read a comment by ID.")
    return router
}

func commentsApp(_ database: Database) -> App {
    let service = Dependency(ContextInput()) { context in
        CommentService(database: database, slot: context.loop.index)
    }
    var app = App(title: "LiveTalk API V1", description: "A simple REST API built for a talk")
    app.include(commentRouter(service))
    return app
}
