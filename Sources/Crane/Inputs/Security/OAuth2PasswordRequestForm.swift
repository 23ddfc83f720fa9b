import CraneSchema

/// What a client sends to get a token with a password (RFC 6749, section 4.3.2): an input that reads it from the form.
public struct OAuth2PasswordRequestForm: Hashable, Sendable {
    /// The user's name.
    public let username: String
    /// The user's password: never to be logged.
    public let password: String
    /// What the client asks to be allowed, each by one word.
    public let scopes: [String]
    /// The client's own id, where it has one.
    public let clientID: String?
    /// The client's own secret, where it has one.
    public let clientSecret: String?
}

extension OAuth2PasswordRequestForm {
    /// The form as an input of a route; a `grant_type` other than `password` is refused, none is taken.
    public static let input = Dependency(
        Form("grant_type", .optional(.string(pattern: "^password$"))), Form("username", String.self),
        Form("password", PasswordSchema(String.schema)), Form("scope", String.self, default: ""),
        Form("client_id", String?.self), Form("client_secret", PasswordSchema(String?.schema), default: nil)
    ) { _, username, password, scope, clientID, clientSecret in
        OAuth2PasswordRequestForm(
            username: username, password: password,
            scopes: scope.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { String($0) },
            clientID: clientID, clientSecret: clientSecret)
    }
}
