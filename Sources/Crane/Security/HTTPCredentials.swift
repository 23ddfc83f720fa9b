import HTTPTypes

/// The credentials of an `Authorization` field (RFC 9110, section 11.6.2).
public struct HTTPCredentials: Hashable, Sendable {
    /// The scheme as it was sent, `Bearer`.
    public let scheme: String
    /// What follows it.
    public let credentials: String
}

extension Inputs {
    /// The first `Authorization` field, split at its first space; `nil` where there is none or an empty one.
    var authorization: HTTPCredentials? {
        guard let field = request.headers.first(.authorization), !field.isEmpty else { return nil }
        let end = field.firstIndex(of: " ") ?? field.endIndex
        return HTTPCredentials(scheme: String(field[..<end]), credentials: String(field[end...].dropFirst()))
    }
}
