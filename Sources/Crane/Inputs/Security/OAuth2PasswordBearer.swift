public import CraneSchema
import CraneSystem
import HTTPTypes

/// OAuth 2's password flow (RFC 6749, section 4.3): the client asks `tokenURL` for a token with `OAuth2PasswordRequestForm`
/// and sends it as a bearer token; 401 without one.
public struct OAuth2PasswordBearer: SecurityScheme {
    public typealias Value = String

    public let name: String
    private let tokenURL: String
    private let scopes: [(name: String, description: String)]
    private let description: String?

    /// - Parameters:
    ///   - tokenURL: where tokens are given out, relative to the document.
    ///   - name: the name of the scheme in OpenAPI.
    ///   - scopes: the scopes and what they allow; documentation only.
    ///   - description: what OpenAPI says of the scheme.
    public init(
        tokenURL: String, name: String = "OAuth2PasswordBearer",
        scopes: KeyValuePairs<String, String> = [:], description: String? = nil
    ) {
        self.tokenURL = tokenURL
        self.name = name
        self.scopes = scopes.map { ($0.key, $0.value) }
        self.description = description
    }

    public var scheme: JSONValue {
        var members: [JSONValue.Member] = [.init("type", "oauth2")]
        if let description { members.append(.init("description", .string(description))) }
        let scopes = JSONValue.object(scopes.map { .init($0.name, .string($0.description)) })
        members.append(
            .init("flows", ["password": ["scopes": scopes, "tokenUrl": .string(tokenURL)]]))
        return .object(members)
    }

    public func refusal(of inputs: borrowing Inputs) -> HTTPError {
        HTTPError(.unauthorized, "Not authenticated", headers: [.wwwAuthenticate: "Bearer"])
    }

    /// The token, which may be empty.
    public func credentials(of inputs: borrowing Inputs) -> String? {
        guard let sent = inputs.authorization, sent.scheme.isSpeltWithoutCase("bearer") else { return nil }
        return sent.credentials
    }
}
