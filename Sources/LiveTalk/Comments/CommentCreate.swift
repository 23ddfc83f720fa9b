import CraneSchema

/// What a client sends to post a comment.
struct CommentCreate: Hashable, Sendable {
    let talkID: Int
    let userIP: String
    let text: String
}

extension CommentCreate: SchemaRepresentable {
    static let schema: Object<CommentCreate> = schema(longest: nil)

    /// With a text of at most so many characters (Unicode scalars); `nil` for any that a body holds.
    static func schema(longest: Int?) -> Object<CommentCreate> {
        Object(CommentCreate.init, name: "CommentCreateSchema", description: "Create a comment") {
            Field("talk_id", \.talkID)
            // The longest text of an IPv6 address that holds an IPv4 one.
            Field("user_ip", \.userIP, .string(maxLength: 45))
            Field("comment_text", \.text, .string(minLength: 1, maxLength: longest))
        }
    }
}
