import HTTPTypes
public import Schema

/// A bearer token in the `Authorization` field (RFC 6750); 403 without one, as FastAPI 0.116 answers.
public struct HTTPBearer: SecurityScheme {
    public typealias Value = HTTPCredentials

    public let name: String
    private let format: String?
    private let description: String?

    /// - Parameter format: what the tokens look like, `JWT` for instance; documentation only.
    public init(name: String = "HTTPBearer", format: String? = nil, description: String? = nil) {
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
        return HTTPError(
            .forbidden, isOther ? "Invalid authentication credentials" : "Not authenticated")
    }

    public func credentials(of inputs: borrowing Inputs) -> HTTPCredentials? {
        guard let sent = inputs.authorization, !sent.credentials.isEmpty,
            sent.scheme.isSpeltWithoutCase("bearer")
        else { return nil }
        return sent
    }
}
