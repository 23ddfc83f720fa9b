import CraneSchema

/// Somebody who may log in.
struct User: Hashable, Sendable {
    let id: Int
    let name: String
}

extension User: SchemaRepresentable {
    static let schema = Object(User.init, name: "UserResponse") {
        Field("id", \.id)
        Field("name", \.name)
    }
}
