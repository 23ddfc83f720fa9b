import CraneSchema

/// What a client sends to change a comment.
struct CommentUpdate: Hashable, Sendable {
    let text: String
}

extension CommentUpdate: SchemaRepresentable {
    static let schema: Object<CommentUpdate> = schema(longest: nil)

    /// With a text of at most so many characters (Unicode scalars); `nil` for any that a body holds.
    static func schema(longest: Int?) -> Object<CommentUpdate> {
        Object(CommentUpdate.init, name: "CommentUpdateSchema", description: "Update a comment") {
            Field("comment_text", \.text, .string(minLength: 1, maxLength: longest))
        }
    }
}
