public import CraneSchema
import CraneSystem
import HTTPTypes

/// A user's name and password in the `Authorization` field (RFC 7617); 401 without them.
public struct HTTPBasic: SecurityScheme {
    public typealias Value = Credentials

    public let name: String
    private let realm: String?
    private let description: String?

    /// - Parameters:
    ///   - name: the name of the scheme in OpenAPI.
    ///   - realm: sent in `WWW-Authenticate`, so that browsers tell the user what the password is for.
    ///   - description: what OpenAPI says of the scheme.
    public init(name: String = "HTTPBasic", realm: String? = nil, description: String? = nil) {
        self.name = name
        self.realm = realm
        self.description = description
    }

    /// A name and a password.
    public struct Credentials: Hashable, Sendable {
        /// What stands before the first colon.
        public let username: String
        /// What stands behind it.
        public let password: String
    }

    public var scheme: JSONValue {
        .scheme(("type", "http"), ("description", description), ("scheme", "basic"))
    }

    public func refusal(of inputs: borrowing Inputs) -> HTTPError { unauthorized("Not authenticated") }

    /// Throws 401 for credentials that are no base64 of `name:password` in UTF-8 (RFC 7617, section 2.1).
    public func credentials(of inputs: borrowing Inputs) throws -> Credentials? {
        guard let sent = inputs.authorization, sent.scheme.isSpeltWithoutCase("basic") else { return nil }
        guard let bytes = Base64.decode(sent.credentials),
            let text = String(validating: bytes, as: UTF8.self),
            let (username, password) = text.halves(at: ":")
        else {
            throw unauthorized("Invalid authentication credentials")
        }
        return Credentials(username: String(username), password: String(password))
    }

    /// The response to credentials that are not there or not good: 401 with the challenge, which asks for UTF-8.
    public func unauthorized(_ detail: String) -> HTTPError {
        let escaped = realm?.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        let challenge = (escaped.map { "Basic realm=\"\($0)\", " } ?? "Basic ") + "charset=\"UTF-8\""
        return HTTPError(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }
}
