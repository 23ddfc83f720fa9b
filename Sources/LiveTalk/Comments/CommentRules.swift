import Crane
import CraneSchema
import HTTPTypes

/// Who may write comments, how much, and what is kept of where they come from.
struct CommentRules: Sendable {
    let writes: Settings.Writes
    /// How long an author may change a comment.
    let editWindow: Duration
    let addresses: AddressKeeping
    let rates: RoomRates
    let seal: CommentTokenSigner
    let users: any UserStore

    /// Who posts, as far as they say.
    func author(of request: Request) -> Participant? {
        VoterToken.sent(in: request).flatMap(Participant.init(token:))
    }

    /// The comment as it is kept.
    func kept(_ comment: CommentCreate) -> CommentCreate {
        if addresses == .keep { return comment }
        return CommentCreate(
            talkID: comment.talkID, userIP: addresses.kept(of: comment.userIP), text: comment.text)
    }

    /// What the author of a comment proves it by; `nil` where nobody asks for a proof.
    func token(for comment: Comment) -> String? {
        writes == .open ? nil : seal.token(for: comment.id, until: comment.createdAt + editWindow)
    }

    /// Who wants to change a comment; throws 403 for those who may not.
    func editor(of id: Int, _ request: Request) async throws -> CommentEditor {
        if try await isModerator(request) { return .moderator }
        if writes == .open { return .anybody }
        if let token = request.headers[.commentToken], seal.isGood(token, for: id, at: .now) {
            return .author
        }
        throw HTTPError(.forbidden, "Not the author of this comment, or too late")
    }

    /// Whether the request comes with a moderator's bearer token, or from a page on which one has logged in.
    func isModerator(_ request: Request) async throws -> Bool {
        guard let token = Self.bearerToken(of: request) ?? ModeratorSession.token(of: request) else {
            return false
        }
        return try await users.user(token: token, moderating: true) != nil
    }

    private static func bearerToken(of request: Request) -> String? {
        guard let field = request.headers[.authorization], field.utf8.count > 7,
            field.prefix(7).lowercased() == "bearer "
        else { return nil }
        return String(field.dropFirst(7).drop { $0 == " " })
    }
}

extension Timestamp {
    static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds + Int(duration / .microseconds(1)))
    }
}
