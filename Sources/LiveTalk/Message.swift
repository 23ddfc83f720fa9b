import CraneSchema

/// A response that is one sentence: `{"message":"..."}`.
struct Message: Hashable, Sendable {
    let message: String
}

extension Message: SchemaRepresentable {
    static let schema = Object(Message.init) {
        Field("message", \.message)
    }
}
