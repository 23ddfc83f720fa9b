import HTTPTypes

/// What a request without credentials is answered where FastAPI has changed its mind.
public enum MissingCredentials: Sendable {
    /// 403 without a challenge, as FastAPI before 0.122.
    case forbidden
    /// 401 with `WWW-Authenticate`, as FastAPI today (RFC 9110, section 15.5.2).
    case unauthorized

    /// - Parameter challenge: the value of `WWW-Authenticate`.
    func refusal(challenge: String) -> HTTPError {
        switch self {
        case .forbidden: HTTPError(.forbidden, "Not authenticated")
        case .unauthorized:
            HTTPError(.unauthorized, "Not authenticated", headers: [.wwwAuthenticate: challenge])
        }
    }
}
