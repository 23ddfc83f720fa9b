public import CraneSchema
import CraneSystem
import HTTPTypes

/// A bearer token in the `Authorization` field (RFC 6750); without one 403, as FastAPI 0.116 answers, or 401 where that is said.
public struct HTTPBearer: SecurityScheme {
    public typealias Value = HTTPCredentials

    public let name: String
    private let format: String?
    private let description: String?
    private let missing: MissingCredentials

    /// - Parameters:
    ///   - name: the name of the scheme in OpenAPI.
    ///   - format: what the tokens look like, `JWT` for instance; documentation only.
    ///   - description: what OpenAPI says of the scheme.
    ///   - missing: what a request without a token is answered.
    public init(
        name: String = "HTTPBearer", format: String? = nil, description: String? = nil,
        missing: MissingCredentials = .forbidden
    ) {
        self.missing = missing
        self.name = name
        self.format = format
        self.description = description
    }

    public var scheme: JSONValue {
        .scheme(
            ("type", "http"), ("description", description), ("scheme", "bearer"), ("bearerFormat", format))
    }

    public func refusal(of inputs: borrowing Inputs) -> HTTPError {
        let sent = inputs.authorization
        let isOther = sent.map { !$0.scheme.isEmpty && !$0.credentials.isEmpty } ?? false
        if isOther, missing == .forbidden {
            return HTTPError(.forbidden, "Invalid authentication credentials")
        }
        return missing.refusal(challenge: "Bearer")
    }

    public func credentials(of inputs: borrowing Inputs) -> HTTPCredentials? {
        guard let sent = inputs.authorization, !sent.credentials.isEmpty,
            sent.scheme.isSpeltWithoutCase("bearer")
        else { return nil }
        return sent
    }
}
