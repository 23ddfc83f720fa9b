import CraneSchema
import CraneSystem

extension CSRF {
    /// The form field that a token comes in.
    public static let field = "csrf_token"
    /// The header field that a script sends it in.
    public static let header = "X-CSRF-Token"
    private static let name = "csrf"
    private static let length = 16

    /// The token for a page's forms and scripts, which belongs to the visitor's session: another text each time, so that a page that is
    /// compressed does not tell it.
    public static func token(for session: Session) -> String {
        let secret: [UInt8]
        if let known = Self.secret(of: session) {
            secret = known
        } else {
            secret = (0..<length).map { _ in UInt8.random(in: 0...255) }
            session[name] = .string(Base64.encodeForURL(secret))
        }
        let mask = (0..<length).map { _ in UInt8.random(in: 0...255) }
        return Base64.encodeForURL(mask + zip(mask, secret).map { $0 ^ $1 })
    }

    /// Whether a token is one of the session's, in a time that does not tell where they differ.
    public static func isToken(_ token: String, of session: Session) -> Bool {
        guard let secret = secret(of: session), token.utf8.count <= 64,
            let bytes = Base64.decodeFromURL(token), bytes.count == 2 * length
        else { return false }
        let differences = (0..<length).reduce(UInt8(0)) { $0 | (bytes[$1] ^ bytes[$1 + length] ^ secret[$1]) }
        return differences == 0
    }

    private static func secret(of session: Session) -> [UInt8]? {
        guard case .string(let text)? = session[name], let secret = Base64.decodeFromURL(text),
            secret.count == length
        else { return nil }
        return secret
    }

    /// Asks a form for the session's token in its field `csrf_token`: 403 without it.
    ///
    /// ```swift
    /// app.post("/notes", Form("text", String.self)) { text in … }.dependencies(CSRF.formToken)
    /// ```
    public static let formToken = Dependency(SessionInput(), Form(field, String?.self).hidden()) {
        session, token in
        try check(token, session)
    }

    /// Asks a script for the session's token in the field `X-CSRF-Token`: 403 without it.
    public static let headerToken = Dependency(SessionInput(), Header(header, String?.self).hidden()) {
        session, token in
        try check(token, session)
    }

    private static func check(_ token: String?, _ session: Session) throws {
        guard let token, isToken(token, of: session) else {
            throw HTTPError(.forbidden, "CSRF token missing or wrong")
        }
    }
}
