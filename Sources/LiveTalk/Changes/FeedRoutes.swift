import Crane
import CraneSchema
import HTTPTypes

/// The feed of a talk: over a WebSocket, as an event stream, and by long polls.
struct FeedRoutes: Sendable {
    let feed: Feed<TalkTopic>
    let rules: CommentRules
    let origins: [String]

    private let id = Path("talk_id", Int.self)
    private let role = Query("role", FeedRole.schema, default: .audience)

    func register(in app: inout App) {
        var options = WebSocketOptions()
        options.allowedOrigins = origins
        app.webSocket(
            "/talks/{talk_id}/live", id, role, RequestInput(), feed: feed, options: options
        ) { [self] id, role, request in try await topic(id, role, request) }
        app.eventStream("/talks/{talk_id}/events", id, role, RequestInput(), feed: feed) {
            [self] id, role, request in try await topic(id, role, request)
        }
        .name("read_talk_events")
        .description("Follow a talk's changes as server-sent events, from a position on.").tags("talks")
        .responds(.forbidden, "For moderators")
        app.longPoll("/talks/{talk_id}/changes", id, role, RequestInput(), feed: feed) {
            [self] id, role, request in try await topic(id, role, request)
        }
        .name("read_talk_changes")
        .description("Read a talk's changes behind a position, or wait for the next.").tags("talks")
        .responds(.forbidden, "For moderators")
    }

    private func topic(_ id: Int, _ role: FeedRole, _ request: Request) async throws -> TalkTopic {
        if role == .moderator, try await !rules.isModerator(request) {
            throw HTTPError(.forbidden, "For moderators")
        }
        return TalkTopic(talkID: id, role: role)
    }
}
