import Schema

/// What somebody in the room has said about a talk.
struct Comment: Hashable, Sendable {
    let id: Int
    let talkID: Int
    let userIP: String
    let text: String
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

extension Comment: Describable {
    static let schema = Object(Comment.init, name: "CommentResponse", description: "Read a comment") {
        Field("id", \.id)
        Field("talk_id", \.talkID)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
        Field("created_at", \.createdAt)
        Field("updated_at", \.updatedAt)
    }
}
