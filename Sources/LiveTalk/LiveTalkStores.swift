import Crane
import CraneService

/// Where LiveTalk keeps what it has, on whichever database.
struct LiveTalkStores<Comments: CommentStore>: Sendable {
    let comments: Comments
    let users: any UserStore
    let talks: any TalkStore
    let room: any RoomStore
    let feed: Feed<TalkTopic>
    let seal: CommentTokenSigner
}

extension App {
    /// The application over its stores.
    ///
    /// - Parameters:
    ///   - queue: where `/process` leaves what it promises; `nil` for the process itself.
    ///   - jobs: registers the routes of the jobs.
    init<Comments>(
        _ settings: Settings, _ stores: LiveTalkStores<Comments>, context: ServiceContext,
        state: StateAcrossReloads, queue: ProcessQueue? = nil,
        jobs: (inout App, AuthService) -> Void = { _, _ in }
    ) {
        self = context.app(
            for: settings.server, title: "LiveTalk API V1", version: LiveTalkApp.version,
            description: "A simple REST API built for a talk at Pycon Uganda 2025")
        let rules = CommentRules(
            writes: settings.writes, editWindow: settings.editWindow, addresses: settings.userIP,
            rates: state.roomRates(settings), seal: stores.seal, users: stores.users)
        let comments = CommentService(store: stores.comments, rules: rules)
        let service = Dependency.constant(comments)
        CommentRoutes(service, longest: settings.commentLength).register(in: &self)
        SearchRoutes(service).register(in: &self)
        let auth = AuthService(
            users: stores.users, tokenLifetime: settings.tokenLifetime, failedLogins: settings.failedLogins,
            state: state)
        let moderator = AuthRoutes.moderator(auth)
        TalkRoutes(talks: stores.talks, moderator: moderator).register(in: &self)
        RoomRoutes(room: stores.room, rules: rules, moderator: moderator).register(in: &self)
        TalkFileRoutes(talks: stores.talks, room: stores.room, seal: stores.seal, moderator: moderator)
            .register(in: &self)
        FeedRoutes(feed: stores.feed, rules: rules, origins: settings.server.corsAllowOrigins)
            .register(in: &self)
        PageRoutes(talks: stores.talks, room: stores.room, service: comments, auth: auth).register(in: &self)
        jobs(&self, auth)
        AuthRoutes(auth: .constant(auth)).register(in: &self)
        DemoRoutes(settings, state: state, queue: queue).register(in: &self)
        ChatRoutes(origins: settings.server.corsAllowOrigins).register(in: &self)
        if settings.benchmarkRoutes { BenchmarkRoutes().register(in: &self) }
    }
}
