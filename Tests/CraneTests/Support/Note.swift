import CraneSchema

struct Note: Hashable, Sendable {
    let talkID: Int
    let author: String
    let text: String
}

extension Note: SchemaRepresentable {
    static let schema = Object(Note.init, description: "What somebody said") {
        Field("talk_id", \.talkID)
        Field("author", \.author, .string(maxLength: 5))
        Field("text", \.text, .string(minLength: 1))
    }
}
