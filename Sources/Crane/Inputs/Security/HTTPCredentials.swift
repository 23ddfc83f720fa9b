import CraneHTTP
import CraneSystem
import HTTPTypes

/// The credentials of an `Authorization` field (RFC 9110, section 11.6.2).
public struct HTTPCredentials: Hashable, Sendable {
    /// The scheme as it was sent, `Bearer`.
    public let scheme: String
    /// What follows it.
    public let credentials: String
}

extension Inputs {
    /// The first `Authorization` field, split at its first spaces; `nil` where there is none or an empty one.
    var authorization: HTTPCredentials? {
        guard let field = request.headers.first(.authorization), !field.isEmpty else { return nil }
        let (scheme, credentials) = field.halves(at: " ") ?? (field[...], "")
        // RFC 9110, section 11.4: one space or more stands between the two.
        let start = credentials.utf8.firstIndex { $0 != UInt8(ascii: " ") } ?? credentials.endIndex
        return HTTPCredentials(scheme: String(scheme), credentials: String(credentials[start...]))
    }
}
