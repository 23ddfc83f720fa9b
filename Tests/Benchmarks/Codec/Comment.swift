import CraneSchema

/// The service's comment, described once.
struct Comment: Hashable, Sendable {
    let id: Int
    let talkID: Int
    let userIP: String
    let text: String
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

extension Comment: SchemaRepresentable {
    static let schema = Object(Comment.init, name: "CommentResponse") {
        Field("id", \.id)
        Field("talk_id", \.talkID)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
        Field("created_at", \.createdAt)
        Field("updated_at", \.updatedAt)
    }

    static let sample = Comment(
        id: 12_345, talkID: 42, userIP: "192.168.100.17",
        text: "Hello there, this is a comment of an ordinary length, say ninety bytes or so, é included.",
        createdAt: Timestamp(microseconds: 1_795_343_266_435_673),
        updatedAt: Timestamp(microseconds: 1_795_343_266_435_673))
}
