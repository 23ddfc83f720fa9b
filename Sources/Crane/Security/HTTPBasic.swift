import HTTPTypes
public import Schema

/// A user's name and password in the `Authorization` field (RFC 7617); 401 without them.
public struct HTTPBasic: SecurityScheme {
    public typealias Value = Credentials

    public let name: String
    private let realm: String?
    private let description: String?

    /// - Parameter realm: sent in `WWW-Authenticate`, so that browsers tell the user what the password is for.
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

    /// Throws 401 for credentials that are no base64 of `name:password` in ASCII.
    public func credentials(of inputs: borrowing Inputs) throws -> Credentials? {
        guard let sent = inputs.authorization, sent.scheme.isSpeltWithoutCase("basic") else { return nil }
        guard let bytes = Base64.decode(sent.credentials), bytes.allSatisfy({ $0 < 0x80 }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else {
            throw unauthorized("Invalid authentication credentials")
        }
        return Credentials(
            username: String(decoding: bytes[..<colon], as: UTF8.self),
            password: String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    }

    private func unauthorized(_ detail: String) -> HTTPError {
        let challenge = realm.map { "Basic realm=\"\($0)\"" } ?? "Basic"
        return HTTPError(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }
}
