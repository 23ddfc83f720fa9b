import Crane
import CraneSchema
import CraneTemplates
import HTTPTypes

/// `/live/new`: where a moderator makes a talk; a login for others.
struct NewTalkPage: Sendable {
    static let path = "/live/new"

    let talks: any TalkStore
    let login: ModeratorLogin
    let template: PageTemplate

    /// The fields of a talk, as they were written.
    private struct Draft: Sendable {
        var title = ""
        var slug = ""
        var speaker = ""
        var isHeld = false

        /// The talk to make; throws what is wrong with it.
        func talk() throws -> TalkCreate {
            let members: [JSONValue.Member] = [
                .init("title", .string(title)), .init("slug", .string(slug)),
                .init("speaker", speaker.isEmpty ? .null : .string(speaker)),
                .init("moderation", .string(isHeld ? "before" : "after")),
            ]
            return try TalkCreate.schema.decode(JSONValue.schema.encode(.object(members)))
        }
    }

    func register(in app: inout App) {
        app.get(Self.path, PageFrame.input) { [self] frame in
            guard try await login.moderator(frame.request) != nil else {
                return try await login.page(frame, at: frame.address(Self.path))
            }
            return try await page(frame, Draft())
        }.hidden()
        app.post(
            Self.path, PageFrame.input, ModeratorLogin.Fields.input, Form("title", String?.self),
            Form("slug", String?.self), Form("speaker", String?.self), Form("moderation", String?.self)
        ) { [self] frame, fields, title, slug, speaker, moderation in
            // An empty field is no field; a login has none of these.
            guard title != nil || slug != nil || moderation != nil else {
                return try await login.answer(fields, frame, at: frame.address(Self.path))
            }
            guard try await login.moderator(frame.request) != nil else {
                return try await login.page(frame, at: frame.address(Self.path), status: .forbidden)
            }
            return try await make(
                Draft(
                    title: title ?? "", slug: slug ?? "", speaker: speaker ?? "",
                    isHeld: moderation == "before"),
                frame)
        }.middleware(CSRF()).hidden()
    }

    /// Makes the talk and leads to its moderators' page; or says what is wrong.
    private func make(_ draft: Draft, _ frame: PageFrame) async throws -> Response {
        let new: TalkCreate
        do {
            new = try draft.talk()
        } catch {
            return try await page(frame, draft, error: "new_wrong", status: .unprocessableContent)
        }
        do {
            let talk = try await talks.add(new)
            return .redirect(to: frame.address("/t/\(talk.slug)/moderate"), status: .seeOther)
        } catch TalkConflict.slugTaken {
            return try await page(frame, draft, error: "new_taken", status: .conflict)
        }
    }

    private func page(
        _ frame: PageFrame, _ draft: Draft, error: String? = nil, status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let html = try frame.page(
            template, title: frame.strings.text("new_talk"), file: "moderate", data: nil,
            [
                .init("action", .string(frame.address(Self.path))),
                .init("place", .string("\(frame.request.host ?? "")\(frame.context.rootPath)/t/")),
                .init("heading", .string(draft.title)), .init("slug", .string(draft.slug)),
                .init("speaker", .string(draft.speaker)), .init("isHeld", .bool(draft.isHeld)),
                .init("error", error.map { .string(frame.strings.text($0)) } ?? .null),
            ])
        return ModeratorLogin.response(html, frame, status: status)
    }
}
