import Crane
import CranePasswords
import CranePostgres
import CraneSchema
import CraneService

/// LiveTalk on PostgreSQL, as one of any number of nodes: comments, the search, the feed of their changes, and users.
///
/// Talks, votes, pages and jobs are SQLite's alone: their routes are not there, and a setting that needs them is refused.
struct PostgresLiveTalk: Service {
    static let name = LiveTalkApp.name
    static let version = LiveTalkApp.version

    private let database: PostgresClient
    private let comments: PostgresCommentStore
    private let users: PostgresUserStore
    private let seal: CommentTokenSigner
    private let feed: PostgresTalkFeed
    private let migrations: [String]
    private let nodes: PostgresNodes
    private let state: StateAcrossReloads

    /// Connects, and brings the database up to date: of several nodes that start at once one does so while the others wait.
    init(_ settings: Settings, _ context: ServiceContext) throws(StartError) {
        guard case .postgres(let url) = settings.databaseURL else {
            throw StartError("DATABASE_URL names no PostgreSQL")
        }
        if let refusal = Self.refusal(of: settings) { throw StartError(refusal) }
        do {
            var configuration = try PostgresConfiguration(url)
            configuration.applicationName = "livetalk"
            migrations = try configuration.migrate(PostgresMigration.liveTalk).map {
                "\($0.number) \($0.name)"
            }
            let session = try PostgresBlockingSession(configuration)
            if try !session.execute("SELECT FROM copy WHERE NOT is_over").isEmpty {
                throw StartError("livetalk copy has begun to fill it, and has not ended: begin it again")
            }
            try PostgresUserDirectory(session: session).setDemoUser(settings.demoUser)
            seal = try CommentTokenSigner(session)
            database = PostgresClient(configuration, logger: context.logger)
        } catch {
            throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
        }
        let feed = PostgresTalkFeed(
            database, subscribers: settings.feedSubscribers, keeping: settings.feedLifetime,
            logger: context.logger)
        self.feed = feed
        users = PostgresUserStore(database)
        comments = PostgresCommentStore(database) { feed.wroteChange() }
        feed.start()
        state = StateAcrossReloads(sharedAmong: context.servers)
        nodes = PostgresNodes(database, counting: context.servers)
        nodes.start()
        context.readiness = Readiness("database not writable") { [database] in
            try await database.execute("UPDATE feed_epoch SET id = id")
        }
        context.metrics = { [database, nodes] in
            database.counters.metrics + feed.feed.counters.metrics + nodes.metrics + [
                .gauge(
                    "feed_lag_milliseconds", "Since the log of changes was last read to its end.",
                    Int(feed.lag / .milliseconds(1)))
            ]
        }
    }

    /// What the settings ask for and PostgreSQL does not have yet; `nil` for nothing.
    static func refusal(of settings: Settings) -> String? {
        let what: String? =
            if settings.broker != .off {
                "LIVETALK_BROKER"
            } else if !settings.webhooks.isEmpty {
                "LIVETALK_WEBHOOKS"
            } else {
                nil
            }
        return what.map {
            "\($0) needs SQLite: on PostgreSQL there are comments, their search, their feed and users, and no talks or jobs yet"
        }
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        var app = context.app(
            for: settings.server, title: "LiveTalk API V1", version: Self.version,
            description: "A simple REST API built for a talk at Pycon Uganda 2025")
        let rules = CommentRules(
            writes: settings.writes, editWindow: settings.editWindow, addresses: settings.userIP,
            rates: state.roomRates(settings), seal: seal, users: users)
        let service = Dependency.constant(CommentService(store: comments, rules: rules))
        CommentRoutes(service, longest: settings.commentLength).register(in: &app)
        SearchRoutes(service).register(in: &app)
        FeedRoutes(feed: feed.feed, rules: rules, origins: settings.server.corsAllowOrigins).register(
            in: &app)
        let auth = AuthService(
            users: users, tokenLifetime: settings.tokenLifetime, failedLogins: settings.failedLogins,
            state: state)
        AuthRoutes(auth: .constant(auth)).register(in: &app)
        DemoRoutes(settings, state: state, queue: nil).register(in: &app)
        ChatRoutes(origins: settings.server.corsAllowOrigins).register(in: &app)
        if settings.benchmarkRoutes { BenchmarkRoutes().register(in: &app) }
        return app
    }

    func shutdownBegan() {
        state.refuseWaiting()
        comments.longReads.refuseWaiting()
    }

    func close() {
        feed.stop()
        nodes.stop()
        database.close()
    }

    func report(on settings: Settings) -> StartReport {
        StartReport(
            facts: [("Database", settings.databaseURL.description)],
            events: migrations.isEmpty ? [] : ["migrated: \(migrations.joined(separator: ", "))"],
            warnings: [
                "on PostgreSQL there are comments, their search, their feed and users: no talks or jobs yet"
            ]
                + LiveTalkApp.routeWarnings(settings))
    }
}

extension CommentTokenSigner {
    /// The key of the database, made at the first start of any node. Blocks the caller.
    fileprivate init(_ session: PostgresBlockingSession) throws(PostgresError) {
        let new = PostgresBytes(SecretToken.randomBytes())
        try session.execute(
            "INSERT INTO secret (name, bytes) VALUES ('comment', \(new)) ON CONFLICT (name) DO NOTHING")
        let rows = try session.execute("SELECT bytes FROM secret WHERE name = 'comment'")
        self.init(key: try rows[0].blob("bytes"))
    }
}

extension PostgresCounters {
    /// What the client counts, for those who collect metrics.
    var metrics: [Metric] {
        [
            .gauge("database_connections", "Open connections to PostgreSQL.", connections),
            .counter(
                "database_lost_connections_total", "Connections that ended by themselves.", lostConnections),
            .counter("database_retries_total", "Reads that were asked again.", retries),
            .counter("database_overloads_total", "Statements refused because too many waited.", overloads),
        ]
    }
}
