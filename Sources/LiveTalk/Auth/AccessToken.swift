import CraneSchema

/// What a login gives out (RFC 6749, section 5.1).
struct AccessToken: Hashable, Sendable {
    let token: String
    let type: String
}

extension AccessToken: SchemaRepresentable {
    static let schema = Object(AccessToken.init, name: "Token") {
        Field("access_token", \.token)
        Field("token_type", \.type)
    }
}
