import Crane
import CraneSchema
import HTTPTypes

/// A moderator who has logged in on a page: a token of theirs, in a cookie.
///
/// Scripts cannot read it and other sites' requests do not carry it; and it counts only in a request that comes from this very origin, so that a
/// page of a neighbour (another port, another name of the same site) can do nothing with it either.
enum ModeratorSession {
    static let cookie = "livetalk_session"
    /// A day of a conference.
    static let lifetime = Duration.seconds(12 * 3600)

    /// The token that a page of this origin sends.
    static func token(of request: Request) -> String? {
        guard let field = request.headers[.cookie], CSRF.isSameOrigin(request) else { return nil }
        return VoterToken.value(of: cookie, in: field)
    }

    static func cookie(_ token: String, isSecure: Bool) -> SetCookie {
        SetCookie(
            cookie, token, maxAge: lifetime, secure: isSecure, httpOnly: true,
            sameSite: .strict)
    }

    /// Takes the cookie away.
    static func end(isSecure: Bool) -> SetCookie {
        SetCookie(cookie, "", maxAge: .zero, secure: isSecure, httpOnly: true, sameSite: .strict)
    }
}

/// A moderator's token: in `Authorization`, or in the cookie of a page.
struct ModeratorToken: SecurityScheme {
    typealias Value = String

    private let bearer = HTTPBearer(name: "TokenBearer")

    var name: String { bearer.name }
    var scheme: JSONValue { bearer.scheme }

    func credentials(of inputs: borrowing Inputs) throws -> String? {
        bearer.credentials(of: inputs)?.credentials ?? ModeratorSession.token(of: inputs.request)
    }

    func refusal(of inputs: borrowing Inputs) -> HTTPError { bearer.refusal(of: inputs) }
}
