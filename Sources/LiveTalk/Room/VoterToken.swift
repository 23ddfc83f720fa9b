import Crane
import HTTPTypes

/// The token of a participant: a field of programs, a cookie of browsers.
enum VoterToken {
    static let cookie = "livetalk_voter"

    /// The token that the request comes with; the field goes before the cookie.
    static func sent(in request: Request) -> String? {
        request.headers[.voterToken] ?? request.headers[.cookie].flatMap { value(of: cookie, in: $0) }
    }

    /// What a `Cookie` field has under a name (RFC 6265, section 4.2.1).
    static func value(of cookie: String, in field: String) -> String? {
        let pairs = field.split(separator: ";").map { $0.drop { $0 == " " } }
        return pairs.last { $0.hasPrefix(cookie + "=") }.map { String($0.dropFirst(cookie.utf8.count + 1)) }
    }

    /// A new token in a cookie for a year, which scripts cannot read and other sites' requests do not carry.
    static func cookie(_ token: String, isSecure: Bool) -> SetCookie {
        SetCookie(
            cookie, token, maxAge: .seconds(365 * 86_400), secure: isSecure, httpOnly: true, sameSite: .lax)
    }
}
