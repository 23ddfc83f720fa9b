// The examples of Docs/Guide/Services.md.
import Crane
import CraneSQLite

struct CommentCreate: SchemaRepresentable {
    let userIP: String
    let text: String

    static let schema = Object(CommentCreate.init, description: "Create a comment") {
        Field("user_ip", \.userIP, .string(maxLength: 45))
        Field("comment_text", \.text, .string(minLength: 1))
    }
}

struct Comment: Record {
    let id: Int
    let userIP: String
    let text: String

    static let schema = Object(Comment.init, description: "Read a comment") {
        Field("id", \.id)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
    }

    static let table = Table<Comment>("comment", indexes: [TableIndex("idx_user_ip", on: "user_ip")])
}

extension Migration {
    static let comments = Migration(1, "comments", creating: Comment.table)
}

func openDatabase(_ location: Database.Configuration.Location) throws -> Database {
    let database = try Database(Database.Configuration(location))
    _ = try database.migrate([.comments])
    return database
}

struct CommentService: Sendable {
    let database: Database

    func read(_ id: Int) throws -> Comment {
        let comment = try database.read { connection in try connection.find(Comment.self, id) }
        guard let comment else { throw HTTPError(.notFound, "Comment not found") }
        return comment
    }

    func list(of userIP: String) throws -> [Comment] {
        try database.read { connection in
            try connection.select(
                Comment.self, "WHERE user_ip = :user_ip ORDER BY id LIMIT 100", ["user_ip": userIP])
        }
    }

    func create(_ new: CommentCreate) async throws -> Comment {
        try await database.write { connection in try connection.insert(new, into: Comment.self) }
    }
}

func count(of userIP: String, _ database: Database) throws -> Int {
    try database.read { connection in
        let row = try connection.prepare("SELECT count(*) AS total FROM comment WHERE user_ip = :user_ip")
        try row.bind("user_ip", userIP)
        return try row.step() ? row.int("total") : 0
    }
}

func commentRouter(_ service: Dependency<CommentService>) -> APIRouter {
    var router = APIRouter(prefix: "/comments", tags: ["comments"])
    router.post("/", Body(CommentCreate.self), service) { comment, service in
        try await service.create(comment)
    }.name("create_comment").description("Create a new comment.")
    router.get("/", Query("user_ip", String.self), service) { userIP, service in
        try service.list(of: userIP)
    }.name("list_comments").description("List what an address has said.")
    router.get("/{comment_id}", Path("comment_id", Int.self), service) { id, service in
        try service.read(id)
    }.name("read_comment").description("Read a comment by ID.")
    return router
}

func commentsApp(_ database: Database) -> App {
    let service = Dependency.constant(CommentService(database: database))
    var app = App(title: "LiveTalk API V1", description: "A simple REST API built for a talk")
    app.include(commentRouter(service))
    return app
}
