import Crane
import CranePasswords
import CraneSchema
import HTTPTypes

/// What the audience does on a talk's page: `POST /t/{slug}`, from a form or from the page's script.
///
/// A form is answered with 303 to the page, or with the page that says what is wrong and keeps what was written; a script, which accepts
/// JSON, with what has become of it.
struct AudienceActs<Store: CommentStore>: Sendable {
    let page: AudiencePage
    let service: CommentService<Store>

    /// What an act has done.
    private struct Outcome {
        /// Where on the page it can be seen.
        var commentID: Int?
        let json: String
    }

    private struct Sender {
        let participant: Participant
        /// A token that the browser does not have yet.
        let newToken: String?
    }

    func register(in app: inout App) {
        app.post(
            "/t/{slug}", PageFrame.input, Path("slug", String.self), AudienceState.input, AudienceForm.input
        ) { [self] frame, slug, state, form in
            guard let talk = try await page.talks.talk(slug: slug) else { return try page.notFound(frame) }
            let sender = sender(of: frame.request)
            var response = try await answer(frame, talk, state, form, sender)
            if let token = sender.newToken {
                response.setCookie(VoterToken.cookie(token, isSecure: frame.context.scheme == .https))
            }
            return response
        }.middleware(CSRF()).hidden()
    }

    private func sender(of request: Request) -> Sender {
        if let known = VoterToken.sent(in: request).flatMap(Participant.init(token:)) {
            return Sender(participant: known, newToken: nil)
        }
        let token = SecretToken.random()
        // A random token is always one; there is no participant without.
        guard let participant = Participant(token: token) else { preconditionFailure("a token of our own") }
        return Sender(participant: participant, newToken: token)
    }

    private func answer(
        _ frame: PageFrame, _ talk: Talk, _ state: AudienceState, _ form: AudienceForm, _ sender: Sender
    ) async throws -> Response {
        let isScript = frame.request.headers[.accept]?.contains("application/json") ?? false
        do {
            let outcome = try await perform(form, in: talk, by: sender.participant, frame.context)
            if isScript { return .json(outcome.json) }
            let anchor = outcome.commentID.map { "#c\($0)" } ?? ""
            let query = state.query.order == .newest ? [("sort", state.sort)] : []
            return .redirect(to: frame.address("/t/\(talk.slug)", query) + anchor, status: .seeOther)
        } catch let error as any ResponseError where !isScript {
            let refusal = error.response(for: frame.request, context: frame.context)
            var state = state
            state.problem = AudienceState.Problem(status: refusal.status, text: Self.text(for: error))
            state.draft = form.text
            state.name = form.name
            if case .edit(let id, _) = form.act { state.edited = id }
            var response = try await page.response(frame, talk.slug, state)
            response.headers[.retryAfter] = refusal.headers[.retryAfter]
            return response
        }
    }

    /// The name of the text that says why something was refused.
    private static func text(for error: any ResponseError) -> String {
        switch error {
        case TalkConflict.closed: "error_closed"
        case TalkConflict.blocked: "error_blocked"
        case let problem as AudienceProblem: problem.rawValue
        case let error as HTTPError where error.status == .tooManyRequests: "error_fast"
        case let error as HTTPError where error.status == .notFound: "error_gone"
        default: "error_server"
        }
    }

    private func perform(
        _ form: AudienceForm, in talk: Talk, by participant: Participant, _ context: Context
    ) async throws -> Outcome {
        switch form.act {
        case .post(let text):
            try await service.rules.rates.check(participant, context)
            try Self.check(text, name: form.name)
            return try await post(text, form, in: talk, by: participant, context)
        case .edit(let id, let text):
            try Self.check(text, name: nil)
            try await checkAuthor(participant, of: id, in: talk)
            _ = try await service.update(id, CommentUpdate(text: text), if: nil, by: .author)
            return try await outcome(id)
        case .delete(let id):
            try await checkAuthor(participant, of: id, in: talk)
            try await service.delete(id, if: nil, by: .author)
            return Outcome(commentID: nil, json: "{\"deleted\":\(id)}")
        case .vote(let id, let isGiven):
            try await service.rules.rates.check(participant, context)
            let votes = try await page.room.setVote(isGiven, for: id, by: participant, on: context.loop)
            guard let votes else { throw AudienceProblem.gone }
            return Outcome(commentID: id, json: "{\"votes\":\(votes),\"voted\":\(isGiven)}")
        }
    }

    private func post(
        _ text: String, _ form: AudienceForm, in talk: Talk, by participant: Participant, _ context: Context
    ) async throws -> Outcome {
        let key = form.key.flatMap { key -> PostKey? in
            guard (1...IdempotencyKeys.maximumLength).contains(key.utf8.count) else { return nil }
            // A phone that has changed its network still sends the same.
            return PostKey(text: key, countsAddress: false)
        }
        let comment = CommentCreate(
            talkID: talk.id, userIP: context.client.ip.map { "\($0)" } ?? "", text: text)
        let created = try await service.create(comment, key: key, by: participant, named: form.name)
        return try await outcome(created.id)
    }

    /// The comment as its author sees it now.
    private func outcome(_ id: Int) async throws -> Outcome {
        guard let comment = try await page.room.comment(id) else { throw AudienceProblem.gone }
        let json = String(decoding: RoomComment.schema.encode(comment), as: UTF8.self)
        return Outcome(commentID: id, json: "{\"comment\":\(json)}")
    }

    private static func check(_ text: String, name: String?) throws {
        if text.isEmpty { throw AudienceProblem.empty }
        let isLong = text.unicodeScalars.count > AudiencePage.longestText
        if isLong || (name?.unicodeScalars.count ?? 0) > AudiencePage.longestName {
            throw AudienceProblem.long
        }
    }

    /// Lets authors change what they wrote for a while, known by their cookie.
    private func checkAuthor(_ participant: Participant, of id: Int, in talk: Talk) async throws {
        guard let comment = try await page.room.comment(id), comment.talkID == talk.id else {
            throw AudienceProblem.gone
        }
        let isOwn = try await page.room.author(of: id) == participant
        guard isOwn, Timestamp.now < comment.createdAt + service.rules.editWindow else {
            throw AudienceProblem.late
        }
    }
}

/// What is wrong with what was sent from the audience's page; the raw values name the texts.
enum AudienceProblem: String, Error, ResponseError {
    case empty = "error_empty"
    case long = "error_long"
    /// The comment is not there any more.
    case gone = "error_gone"
    /// It is not the sender's, or not any more.
    case late = "error_late"

    func response(for request: Request, context: Context) -> Response {
        switch self {
        case .empty: .detail(.unprocessableContent, "There is no text")
        case .long: .detail(.unprocessableContent, "The text is too long")
        case .gone: .detail(.notFound, "Comment not found")
        case .late: .detail(.forbidden, "Not the author of this comment, or too late")
        }
    }
}
