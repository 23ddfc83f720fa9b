import Crane
import CraneSchema
import CraneTemplates
import HTTPTypes

/// `/t/{slug}`: the talk as everybody in the room sees it, and where they post and vote.
struct AudiencePage: Sendable {
    /// A text that is posted here has at most so many characters: it has to be read from the last row.
    static let longestText = 300
    static let longestName = 40

    let talks: any TalkStore
    let room: any RoomStore
    let rules: CommentRules
    let template: PageTemplate
    let missing: PageTemplate

    func register(in app: inout App) {
        app.get(
            "/t/{slug}", PageFrame.input, Path("slug", String.self), AudienceState.input
        ) { [self] frame, slug, state in try await response(frame, slug, state) }.hidden()
    }

    /// The page of a talk, or one that says that there is none.
    func response(_ frame: PageFrame, _ slug: String, _ state: AudienceState) async throws -> Response {
        let participant = VoterToken.sent(in: frame.request).flatMap(Participant.init(token:))
        guard let talk = try await talks.talk(slug: slug) else { return try notFound(frame) }
        let view = try await view(of: talk, state.query, for: participant, frame.context)
        // Some hundred tags a page take longer than a loop has.
        let html = try await frame.context.blocking { [self] in
            try page(frame, view, state).compressed(for: frame.request)
        }
        return html.response(
            for: frame.request, context: frame.context, status: state.problem?.status)
    }

    func notFound(_ frame: PageFrame) throws -> Response {
        let page = try frame.page(
            missing, title: frame.strings.text("missing"), file: "talks", data: nil, [])
        return .html(page.text, status: .notFound)
    }

    private func view(
        of talk: Talk, _ query: TalkView.Query, for participant: Participant?, _ context: Context
    ) async throws -> TalkView {
        let since = Timestamp.now + (.zero - rules.editWindow)
        return try await room.view(
            of: talk, query, for: participant, since: since, on: context.loop, for: context.client)
    }

    private func page(_ frame: PageFrame, _ view: TalkView, _ state: AudienceState) throws -> HTML {
        let rows = AudienceRows(frame: frame, view: view, state: state, editWindow: rules.editWindow)
        return try frame.page(
            template, title: view.talk.title, file: "audience", data: rows.data, rows.values)
    }
}

/// What a request for the audience's page asks for, and what has become of what it sent.
struct AudienceState: Sendable {
    /// Why something that was sent was not done.
    struct Problem: Sendable {
        let status: HTTPResponse.Status
        /// The name of the text that says so.
        let text: String
    }

    /// What the address says; what it says wrongly counts as left out.
    static let input: Dependency<AudienceState> = Dependency(
        Query("sort", String?.self), Query("offset", String?.self), Query("edit", String?.self)
    ) { sort, offset, edited in
        AudienceState(
            query: TalkView.Query(
                order: sort == "newest" ? .newest : .top, offset: max(0, offset.flatMap { Int($0) } ?? 0)),
            edited: edited.flatMap { Int($0) })
    }

    var query = TalkView.Query()
    /// The comment whose text stands in a box to be changed.
    var edited: Int?
    var problem: Problem?
    /// What was written and not taken.
    var draft: String?
    var name: String?

    /// The order as addresses say it.
    var sort: String { query.order == .newest ? "newest" : "top" }
}
