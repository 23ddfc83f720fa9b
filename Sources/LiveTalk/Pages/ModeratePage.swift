import Crane
import CraneSchema
import CraneTemplates

/// `/t/{slug}/moderate`: what waits, what is shown and what is hidden, and every act of a moderator; a login for others.
struct ModeratePage: Sendable {
    let audience: AudiencePage
    let login: ModeratorLogin
    let template: PageTemplate

    func register(in app: inout App) {
        app.get("/t/{slug}/moderate", PageFrame.input, Path("slug", String.self)) { [self] frame, slug in
            guard let talk = try await audience.talks.talk(slug: slug) else {
                return try audience.notFound(frame)
            }
            guard let user = try await login.moderator(frame.request) else {
                return try await login.page(frame, at: address(frame, talk, "/moderate"))
            }
            return try await page(frame, talk, user)
        }.hidden()
        app.post(
            "/t/{slug}/moderate", PageFrame.input, Path("slug", String.self), ModeratorLogin.Fields.input
        ) { [self] frame, slug, fields in
            guard let talk = try await audience.talks.talk(slug: slug) else {
                return try audience.notFound(frame)
            }
            return try await login.answer(fields, frame, at: address(frame, talk, "/moderate"))
        }.middleware(CSRF()).hidden()
    }

    private func address(_ frame: PageFrame, _ talk: Talk, _ page: String = "") -> String {
        frame.address("/t/\(talk.slug)\(page)")
    }

    private func page(_ frame: PageFrame, _ talk: Talk, _ user: User) async throws -> Response {
        let view = try await audience.room.view(
            of: talk, for: .moderator, on: frame.context.loop, for: frame.context.client)
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
                    .init("another", .string(frame.address(NewTalkPage.path))),
                    .init("user", .string(user.name)), .init("keys", frame.strings.keys(of: "moderate")),
                ])
        }
        return ModeratorLogin.response(html, frame)
    }
}
