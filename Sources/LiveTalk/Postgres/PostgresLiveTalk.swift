import Crane
import CranePasswords
import CranePostgres
import CraneSchema
import CraneService

/// LiveTalk on PostgreSQL, as one of any number of nodes.
///
/// Jobs are SQLite's alone: their routes are not there, and a setting that needs them is refused.
struct PostgresLiveTalk: Service {
    static let name = LiveTalkApp.name
    static let version = LiveTalkApp.version

    let database: PostgresClient
    private let comments: PostgresCommentStore
    private let users: PostgresUserStore
    let talks: PostgresTalkStore
    let room: PostgresRoomStore
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
        talks = PostgresTalkStore(database) { feed.wroteChange() }
        let room = PostgresRoomStore(database) { feed.wroteChange() }
        self.room = room
        feed.start()
        state = StateAcrossReloads(sharedAmong: context.servers)
        nodes = PostgresNodes(database, counting: context.servers) { try await room.settleVotes() }
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
            "\($0) needs SQLite: on PostgreSQL there are no jobs yet"
        }
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        let stores = LiveTalkStores(
            comments: comments, users: users, talks: talks, room: room, feed: feed.feed, seal: seal)
        return App(settings, stores, context: context, state: state)
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
        var report = StartReport(
            facts: [("Database", settings.databaseURL.description)],
            events: migrations.isEmpty ? [] : ["migrated: \(migrations.joined(separator: ", "))"],
            warnings: LiveTalkApp.routeWarnings(settings))
        report.pages.append(("Talks", "/live"))
        return report
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

extension PostgresLiveTalk {
    /// A demo's room with a clock of its own, and the users. Blocks the caller.
    func demoRoom(seed: UInt64) throws -> (DemoRoom, any UserDirectory) {
        let clock = DemoClock()
        let now: @Sendable () -> Timestamp = { clock.now }
        let changed: @Sendable () -> Void = { [feed] in feed.wroteChange() }
        let room = DemoRoom(
            PostgresCommentStore(database, changed: changed, now: now),
            PostgresTalkStore(database, changed: changed, now: now),
            PostgresRoomStore(database, changed: changed, now: now), clock, seed: seed)
        let session = try PostgresBlockingSession(database.configuration)
        return (room, PostgresUserDirectory(session: session))
    }
}
