public import CraneSchema
import HTTPTypes

/// A key that the client sends as a header field, a query parameter or a cookie; without it 403, or 401 where that is said.
public struct APIKey<Source: ParameterSource>: SecurityScheme {
    public typealias Value = String

    public let name: String
    private let parameter: String
    private let key: Source.Key
    private let description: String?
    private let missing: MissingCredentials

    private init(parameter: String, name: String, description: String?, missing: MissingCredentials) {
        self.missing = missing
        self.name = name
        self.parameter = parameter
        self.description = description
        key = Source.key(parameter)
    }

    public var scheme: JSONValue {
        .scheme(
            ("type", "apiKey"), ("description", description), ("in", Source.place.rawValue),
            ("name", parameter))
    }

    public func refusal(of inputs: borrowing Inputs) -> HTTPError {
        missing.refusal(challenge: "APIKey")
    }

    public func credentials(of inputs: borrowing Inputs) -> String? {
        guard let key = Source.text(of: key, in: inputs), !key.isEmpty else { return nil }
        return key
    }
}

/// A key in a header field: `APIKeyHeader("X-API-Key")`.
public typealias APIKeyHeader = APIKey<HeaderSource>
/// A key in the query.
public typealias APIKeyQuery = APIKey<QuerySource>
/// A key in a cookie.
public typealias APIKeyCookie = APIKey<CookieSource>

extension APIKey where Source == HeaderSource {
    /// - Parameters:
    ///   - parameter: the field's name.
    ///   - name: the name of the scheme in OpenAPI.
    ///   - description: what OpenAPI says of the scheme.
    ///   - missing: what a request without a key is answered.
    public init(
        _ parameter: String, name: String = "APIKeyHeader", description: String? = nil,
        missing: MissingCredentials = .forbidden
    ) {
        self.init(parameter: parameter, name: name, description: description, missing: missing)
    }
}

extension APIKey where Source == QuerySource {
    /// - Parameters:
    ///   - parameter: the query parameter's name.
    ///   - name: the name of the scheme in OpenAPI.
    ///   - description: what OpenAPI says of the scheme.
    ///   - missing: what a request without a key is answered.
    public init(
        _ parameter: String, name: String = "APIKeyQuery", description: String? = nil,
        missing: MissingCredentials = .forbidden
    ) {
        self.init(parameter: parameter, name: name, description: description, missing: missing)
    }
}

extension APIKey where Source == CookieSource {
    /// - Parameters:
    ///   - parameter: the cookie's name.
    ///   - name: the name of the scheme in OpenAPI.
    ///   - description: what OpenAPI says of the scheme.
    ///   - missing: what a request without a key is answered.
    public init(
        _ parameter: String, name: String = "APIKeyCookie", description: String? = nil,
        missing: MissingCredentials = .forbidden
    ) {
        self.init(parameter: parameter, name: name, description: description, missing: missing)
    }
}
