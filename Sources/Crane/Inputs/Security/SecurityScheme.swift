public import CraneSchema

/// A way for clients to say who they are: an input that takes credentials out of the request, or ends it.
///
/// It says nothing about whether the credentials are good: a `Dependency` on it does. With `optional` the request goes on
/// without credentials.
public protocol SecurityScheme: Input {
    /// The scheme's name in OpenAPI.
    var name: String { get }

    /// The security scheme object of OpenAPI 3.1.
    var scheme: JSONValue { get }

    /// The credentials; `nil` where there are none of this scheme. Throws for credentials that cannot be read.
    func credentials(of inputs: borrowing Inputs) throws -> Value?

    /// What a request without credentials is answered.
    func refusal(of inputs: borrowing Inputs) -> HTTPError
}

extension SecurityScheme {
    public func value(in inputs: inout Inputs) async throws -> Value? {
        guard let credentials = try credentials(of: inputs) else { throw refusal(of: inputs) }
        return credentials
    }

    public func describe(to operation: inout InputsDescription) {
        operation.add(InputsDescription.Security(name: name, scheme: scheme, scopes: []))
    }

    /// The same scheme, whose value is `nil` where there are no credentials.
    public var optional: OptionalCredentials<Self> { OptionalCredentials(scheme: self) }
}

/// Credentials that a request need not have.
public struct OptionalCredentials<Scheme: SecurityScheme>: Input {
    let scheme: Scheme

    public func value(in inputs: inout Inputs) async throws -> Scheme.Value?? {
        .some(try scheme.credentials(of: inputs))
    }

    public func describe(to operation: inout InputsDescription) {
        scheme.describe(to: &operation)
    }
}

extension JSONValue {
    /// A security scheme of OpenAPI, without what is not said.
    static func scheme(_ members: (String, String?)...) -> JSONValue {
        .object(members.compactMap { name, text in text.map { Member(name, .string($0)) } })
    }
}
