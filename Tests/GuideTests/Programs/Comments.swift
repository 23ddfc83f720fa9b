import Crane
import Synchronization

struct CommentCreate: SchemaRepresentable {
    let userIP: String
    let text: String

    static let schema = Object(CommentCreate.init) {
        Field("user_ip", \.userIP, .string(maxLength: 45))
        Field("comment_text", \.text, .string(minLength: 1))
    }
}

struct CommentUpdate: SchemaRepresentable {
    let text: String

    static let schema = Object(CommentUpdate.init) {
        Field("comment_text", \.text, .string(minLength: 1))
    }
}

struct Comment: SchemaRepresentable {
    let id: Int
    let userIP: String
    var text: String

    static let schema = Object(Comment.init) {
        Field("id", \.id)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
    }
}

struct Store {
    var comments: [Int: Comment] = [:]
    var lastID = 0

    mutating func insert(_ new: CommentCreate) -> Comment {
        lastID += 1
        let comment = Comment(id: lastID, userIP: new.userIP, text: new.text)
        comments[lastID] = comment
        return comment
    }
}

let store = Mutex(Store())
let notFound = HTTPError(.notFound, "Comment not found")

var app = App(title: "LiveTalk API v1", description: "A simple REST API built for a talk")

app.get("/") { ["message": "Hello, World!"] }

app.post("/comments/", Body(CommentCreate.self)) { new in
    store.withLock { $0.insert(new) }
}.name("create_comment")

app.get("/comments/{comment_id}", Path("comment_id", Int.self)) { id in
    guard let comment = store.withLock({ $0.comments[id] }) else { throw notFound }
    return comment
}.name("read_comment")

app.put("/comments/{comment_id}", Path("comment_id", Int.self), Body(CommentUpdate.self)) { id, update in
    let comment = store.withLock { store in
        store.comments[id]?.text = update.text
        return store.comments[id]
    }
    guard let comment else { throw notFound }
    return comment
}.name("update_comment")

app.delete("/comments/{comment_id}", Path("comment_id", Int.self)) { id in
    guard store.withLock({ $0.comments.removeValue(forKey: id) }) != nil else { throw notFound }
    return ["message": "Comment deleted"]
}.name("delete_comment")

try await app.run(port: 8000)
