import Schema

/// What a client sends to change a comment.
struct CommentUpdate: Hashable, Sendable {
    let text: String
}

extension CommentUpdate: Describable {
    static let schema = Object(
        CommentUpdate.init, name: "CommentUpdateSchema", description: "Update a comment"
    ) {
        Field("comment_text", \.text, .string(minLength: 1))
    }
}
