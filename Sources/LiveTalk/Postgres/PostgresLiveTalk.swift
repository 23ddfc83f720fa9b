import Crane
import CraneJobs
import CranePasswords
import CranePostgres
import CranePostgresJobs
import CraneRedis
import CraneSchema
import CraneService
import CraneWebhooks

/// LiveTalk on PostgreSQL, as one of any number of nodes.
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
    private let jobs: Jobs
    private let backlog: PostgresJobBacklog
    private let webhooks: PostgresWebhooks?
    private let tasks: CeleryTasks?
    private let counter: RedisRateCounter?
    private let state: StateAcrossReloads

    /// Connects, and brings the database up to date: of several nodes that start at once one does so while the others wait.
    init(_ settings: Settings, _ context: ServiceContext) throws(StartError) {
        guard case .postgres(let url) = settings.databaseURL else {
            throw StartError("DATABASE_URL names no PostgreSQL")
        }
        let loginSecret: [UInt8]
        let end: PostgresTalkFeed.Place
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
            seal = CommentTokenSigner(key: try session.secret("comment"))
            loginSecret = try session.secret("login")
            try PostgresWebhooks.settle(isOn: !settings.webhooks.isEmpty, session)
            end = try PostgresTalkFeed.end(session)
            database = PostgresClient(configuration, logger: context.logger)
        } catch {
            throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
        }
        let feed = PostgresTalkFeed(
            database, behind: end, subscribers: settings.feedSubscribers, keeping: settings.feedLifetime,
            logger: context.logger)
        self.feed = feed
        users = PostgresUserStore(database)
        let store = PostgresJobStore(database)
        jobs = Jobs.liveTalk(store, logger: context.logger)
        let webhooks = try ChangeWebhooks(settings, jobs) { [database] change in
            try await PostgresWebhooks.body(of: change, database)
        }.map { [database] in PostgresWebhooks(database, $0, logger: context.logger) }
        self.webhooks = webhooks
        let changed: @Sendable () -> Void = {
            feed.wroteChange()
            webhooks?.wroteChange()
        }
        comments = PostgresCommentStore(database, changed: changed)
        talks = PostgresTalkStore(database, changed: changed)
        let room = PostgresRoomStore(database, changed: changed)
        self.room = room
        do {
            tasks = try CeleryTasks(settings, nil, jobs, logger: context.logger)
            counter = try settings.redisURL.map {
                try RedisRateCounter($0, prefix: "livetalk:", logger: context.logger)
            }
            try jobs.start()
        } catch {
            database.close()
            throw StartError("\(error)")
        }
        backlog = PostgresJobBacklog(store)
        backlog.start()
        webhooks?.start()
        feed.start()
        state = StateAcrossReloads(
            sharedAmong: context.servers,
            counting: counter.map { SharedCounting(counter: $0, secret: loginSecret) })
        context.rateCounter = counter
        nodes = PostgresNodes(database, counting: context.servers, logger: context.logger) {
            try await room.settleVotes()
        }
        nodes.start()
        context.degradations = { [nodes, counter] in
            let isShared = counter?.counts.isReached ?? true
            return nodes.degradations
                + (isShared ? [] : ["rates are divided by the nodes: no answer from the Redis"])
        }
        context.readiness = Readiness("database not writable") { [database] in
            try await database.execute("UPDATE feed_epoch SET id = id")
        }
        context.metrics = { [database, nodes, jobs, backlog, tasks, counter] in
            var metrics = database.counters.metrics + feed.feed.counters.metrics + nodes.metrics
            metrics += jobs.counters.metrics + backlog.metrics
            metrics += tasks?.metrics ?? []
            metrics += counter?.counts.metrics ?? []
            metrics.append(
                .gauge(
                    "feed_lag_milliseconds", "Since the log of changes was last read to its end.",
                    Int(feed.lag / .milliseconds(1))))
            return metrics
        }
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        let stores = LiveTalkStores(
            comments: comments, users: users, talks: talks, room: room, feed: feed.feed, seal: seal)
        return App(settings, stores, context: context, state: state, queue: tasks?.queue) { app, auth in
            JobsPage(
                jobs: jobs, database: nil, login: ModeratorLogin(auth), template: PageFiles.page("jobs")
            ).register(in: &app)
            JobRoutes(jobs: jobs, moderator: AuthRoutes.moderator(auth)).register(in: &app)
        }
    }

    func shutdownBegan() {
        state.refuseWaiting()
        comments.longReads.refuseWaiting()
        jobs.beginDraining()
    }

    func close() {
        webhooks?.stop()
        jobs.close()
        tasks?.close()
        counter?.close()
        backlog.stop()
        feed.stop()
        nodes.stop()
        database.close()
    }

    func report(on settings: Settings) -> StartReport {
        var report = StartReport(
            facts: [("Database", settings.databaseURL.description)] + (tasks?.facts ?? [])
                + (settings.redisURL.map { [("Rates", $0.description)] } ?? [])
                + settings.webhooks.map { ("Webhooks", $0.name) },
            events: migrations.isEmpty ? [] : ["migrated: \(migrations.joined(separator: ", "))"],
            warnings: LiveTalkApp.settingWarnings(settings))
        report.pages.append(("Talks", "/live"))
        return report
    }
}

extension PostgresBlockingSession {
    /// A secret of all nodes, made at the first start of any.
    fileprivate func secret(_ name: String) throws(PostgresError) -> [UInt8] {
        let new = PostgresBytes(SecretToken.randomBytes())
        try execute("INSERT INTO secret (name, bytes) VALUES (\(name), \(new)) ON CONFLICT (name) DO NOTHING")
        return try execute("SELECT bytes FROM secret WHERE name = \(name)")[0].blob("bytes")
    }
}

extension RedisRateCounter.Counts {
    /// Where rates are counted, for those who collect metrics.
    var metrics: [Metric] {
        [
            .gauge(
                "rates_shared", "Whether rates are counted in the Redis, for all nodes.", isReached ? 1 : 0),
            .counter("rates_counted_shared_total", "Requests counted in the Redis.", shared),
            .counter(
                "rates_counted_local_total",
                "Requests counted by this node alone, as the Redis did not answer.",
                local),
        ]
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
