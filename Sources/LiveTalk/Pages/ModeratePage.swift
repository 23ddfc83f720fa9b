import Crane
import CraneSchema
import CraneTemplates
import HTTPTypes

/// `/t/{slug}/moderate`: what waits, what is shown and what is hidden, and every act of a moderator; a login for others.
struct ModeratePage: Sendable {
    let audience: AudiencePage
    let auth: AuthService
    let template: PageTemplate
    let login: PageTemplate

    func register(in app: inout App) {
        app.get("/t/{slug}/moderate", PageFrame.input, Path("slug", String.self)) { [self] frame, slug in
            guard let talk = try audience.talks.talk(slug: slug) else { return try audience.notFound(frame) }
            guard let user = try moderator(frame.request) else { return try await login(frame, talk) }
            return try await page(frame, talk, user)
        }.hidden()
        app.post(
            "/t/{slug}/moderate", PageFrame.input, Path("slug", String.self), Form("username", String?.self),
            Form("password", String?.self), Form("logout", String?.self)
        ) { [self] frame, slug, name, password, logout in
            guard let talk = try audience.talks.talk(slug: slug) else { return try audience.notFound(frame) }
            if logout != nil { return try await end(frame, talk) }
            return try await begin(frame, talk, name: name ?? "", password: password ?? "")
        }.middleware(SameOrigin()).hidden()
    }

    private func moderator(_ request: Request) throws -> User? {
        try ModeratorSession.token(of: request).flatMap { try auth.users.user(token: $0, moderating: true) }
    }

    private func address(_ frame: PageFrame, _ talk: Talk, _ page: String = "") -> String {
        frame.address("/t/\(talk.slug)\(page)")
    }

    private func page(_ frame: PageFrame, _ talk: Talk, _ user: User) async throws -> Response {
        let view = try await audience.room.view(of: talk, for: .moderator, frame.context)
        let html = try await frame.context.blocking { [self] in
            try frame.page(
                template, title: view.talk.title, file: "moderate",
                data: view.data(root: frame.context.rootPath),
                [
                    .init("heading", .string(view.talk.title)),
                    .init("counts", .string(frame.strings.counts(of: view.talk))),
                    .init("audience", .string(address(frame, talk))),
                    .init("stage", .string(address(frame, talk, "/stage"))),
                    .init("action", .string(address(frame, talk, "/moderate"))),
                    .init("user", .string(user.name)), .init("keys", frame.strings.keys(of: "moderate")),
                ])
        }
        return try await response(html, frame)
    }

    /// The login, again with what was wrong about it.
    private func login(
        _ frame: PageFrame, _ talk: Talk, name: String = "", error: String? = nil,
        status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let html = try frame.page(
            login, title: frame.strings.text("login"), file: "moderate", data: nil,
            [
                .init("action", .string(address(frame, talk, "/moderate"))),
                .init("name", name.isEmpty ? .null : .string(name)),
                .init("error", error.map { .string(frame.strings.text($0)) } ?? .null),
            ])
        return try await response(html, frame, status: status)
    }

    /// What moderators see stays in no cache.
    private func response(
        _ html: HTML, _ frame: PageFrame, status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        var response = try await html.response(for: frame.request, context: frame.context, status: status)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func begin(
        _ frame: PageFrame, _ talk: Talk, name: String, password: String
    ) async throws -> Response {
        let entry: UserStore.Entry?
        do {
            entry = try await auth.user(name: name, password: password, frame.context)
        } catch let error as HTTPError where error.status == .tooManyRequests {
            var response = try await login(
                frame, talk, name: name, error: "login_often", status: .tooManyRequests)
            response.headers[.retryAfter] = error.headers[.retryAfter]
            return response
        }
        guard let entry, entry.isModerator else {
            return try await login(
                frame, talk, name: name, error: entry == nil ? "login_wrong" : "login_other",
                status: .forbidden)
        }
        let token = TokenText.random()
        try await auth.users.keep(token, of: entry.user, for: ModeratorSession.lifetime)
        var response = Response.redirect(to: address(frame, talk, "/moderate"), status: .seeOther)
        response.setCookie(ModeratorSession.cookie(token, isSecure: frame.context.scheme == .https))
        return response
    }

    /// Ends the session: its token is good no more.
    private func end(_ frame: PageFrame, _ talk: Talk) async throws -> Response {
        if let token = ModeratorSession.token(of: frame.request) { try await auth.users.forget(token) }
        var response = Response.redirect(to: address(frame, talk, "/moderate"), status: .seeOther)
        response.setCookie(ModeratorSession.end(isSecure: frame.context.scheme == .https))
        return response
    }
}
