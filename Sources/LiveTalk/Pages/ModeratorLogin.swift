import Crane
import CranePasswords
import CraneSchema
import CraneTemplates
import HTTPTypes

/// The login of a page that is for moderators, at the page's own address: shown in its place, and sent to by `POST`.
struct ModeratorLogin: Sendable {
    /// The fields of the login, and of the logout.
    struct Fields: Sendable {
        let name: String
        let password: String
        let isLogout: Bool

        static let input: Dependency<Fields> = Dependency(
            Form("username", String?.self), Form("password", String?.self), Form("logout", String?.self)
        ) { name, password, logout in
            Fields(name: name ?? "", password: password ?? "", isLogout: logout != nil)
        }
    }

    let auth: AuthService
    let template = PageFiles.page("login")

    init(_ auth: AuthService) { self.auth = auth }

    /// The moderator whose session a request belongs to.
    func moderator(_ request: Request) async throws -> User? {
        guard let token = ModeratorSession.token(of: request) else { return nil }
        return try await auth.users.user(token: token, moderating: true)
    }

    /// What moderators see stays in no cache.
    static func response(
        _ html: HTML, _ frame: PageFrame, status: HTTPResponse.Status? = nil
    ) -> Response {
        var response = html.response(for: frame.request, context: frame.context, status: status)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// The login, again with what was wrong about it.
    ///
    /// - Parameter address: of the page that it is for.
    func page(
        _ frame: PageFrame, at address: String, name: String = "", error: String? = nil,
        status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let html = try frame.page(
            template, title: frame.strings.text("login"), file: "moderate", data: nil,
            [
                .init("action", .string(address)), .init("name", name.isEmpty ? .null : .string(name)),
                .init("error", error.map { .string(frame.strings.text($0)) } ?? .null),
            ])
        return Self.response(html, frame, status: status)
    }

    /// Begins a session and leads to the page, or ends one.
    func answer(_ fields: Fields, _ frame: PageFrame, at address: String) async throws -> Response {
        if fields.isLogout { return try await end(frame, at: address) }
        let entry: UserEntry?
        do {
            entry = try await auth.user(name: fields.name, password: fields.password, frame.context)
        } catch let error as HTTPError where error.status == .tooManyRequests {
            var response = try await page(
                frame, at: address, name: fields.name, error: "login_often", status: .tooManyRequests)
            response.headers[.retryAfter] = error.headers[.retryAfter]
            return response
        }
        guard let entry, entry.isModerator else {
            return try await page(
                frame, at: address, name: fields.name, error: entry == nil ? "login_wrong" : "login_other",
                status: .forbidden)
        }
        let token = SecretToken.random()
        try await auth.users.keep(token, of: entry.user, for: ModeratorSession.lifetime)
        var response = Response.redirect(to: address, status: .seeOther)
        response.setCookie(ModeratorSession.cookie(token, isSecure: frame.context.scheme == .https))
        return response
    }

    /// Ends the session: its token is good no more.
    private func end(_ frame: PageFrame, at address: String) async throws -> Response {
        if let token = ModeratorSession.token(of: frame.request) { try await auth.users.forget(token) }
        var response = Response.redirect(to: address, status: .seeOther)
        response.setCookie(ModeratorSession.end(isSecure: frame.context.scheme == .https))
        return response
    }
}
