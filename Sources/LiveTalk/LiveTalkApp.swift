public import Crane
import CraneCelery
import CraneJobs
import CraneSQLite
public import CraneService
import CraneWebhooks

/// LiveTalk put together from its settings: what answers, and what must be closed in the end.
public struct LiveTalkApp: Service {
    public static let name = "LiveTalk"
    public static let version = "0.1.0"

    /// What `init` did to the database, for the operator.
    let migrations: [String]
    /// How many long reads go on beside each other on worker threads, each with a connection of its own.
    private static let workerReaders = 2
    let database: Database
    private let comments: SQLiteCommentStore
    let users: SQLiteUserStore
    private let room: SQLiteRoomStore
    private let seal: CommentTokenSigner
    private let feed: TalkFeed
    let jobs: Jobs
    private let control: ControlSocket?
    private let tasks: CeleryTasks?
    private let state = StateAcrossReloads()

    /// Opens the database and brings it up to date.
    public init(_ settings: Settings, _ context: ServiceContext) throws(StartError) {
        database = try Self.database(settings)
        do {
            migrations = try database.migrate(Migration.all).map { "\($0.number) \($0.name)" }
        } catch {
            database.close()
            throw .database(settings.databaseURL, error)
        }
        users = SQLiteUserStore(database)
        do {
            try users.setDemoUser(settings.demoUser)
            seal = try CommentTokenSigner(database)
            try FeedEpoch.settle(
                database, at: settings.databaseURL.path, isDurable: settings.sqliteSynchronous == .full)
        } catch {
            database.close()
            throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
        }
        jobs = Jobs.liveTalk(database, logger: context.logger)
        let webhooks: ChangeWebhooks?
        do throws(StartError) {
            webhooks = try ChangeWebhooks(settings, jobs) { [database] change in
                try database.read { try ChangeText.webhook(change, $0) }
            }
        } catch {
            database.close()
            throw error
        }
        let changes = ChangeLog(keeping: settings.feedLifetime, webhooks: webhooks)
        comments = SQLiteCommentStore(database, changes: changes, longReads: Self.workerReaders)
        room = SQLiteRoomStore(database, changes, longReads: state.roomReads)
        do { try room.settleVotes() } catch {
            database.close()
            throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
        }
        // Each reads the schema at its first read.
        try? database.openLoopReaders()
        feed = TalkFeed(database, subscribers: settings.feedSubscribers, logger: context.logger)
        do { tasks = try CeleryTasks(settings, database, jobs, logger: context.logger) } catch {
            database.close()
            throw StartError("\(error)")
        }
        do { try jobs.start() } catch {
            tasks?.close()
            database.close()
            throw StartError("the jobs cannot be started: \(error)")
        }
        control = ControlSocket.opened(for: settings, users, logger: context.logger)
        context.readiness = Readiness(of: database)
        context.metrics = { [database, feed, tasks, jobs] in
            let backlog = try? SQLiteJobStore(database).backlog()
            return database.counters.metrics + feed.feed.counters.metrics + (tasks?.metrics ?? [])
                + jobs.counters.metrics + (backlog?.metrics ?? [])
        }
    }

    public func app(for settings: Settings, in context: ServiceContext) -> App {
        App(
            settings, comments: comments, users: users, context: context, room: room, feed: feed, seal: seal,
            state: state, tasks: tasks, jobs: jobs)
    }

    public func shutdownBegan() {
        tasks?.beginDraining()
        state.refuseWaiting()
        comments.longReads.refuseWaiting()
        jobs.beginDraining()
    }

    /// Writes what waits and lets the database go; called when no request runs any more.
    public func close() {
        control?.close()
        jobs.close()
        tasks?.close()
        database.close()
    }

    public func report(on settings: Settings) -> StartReport {
        var report = StartReport(
            facts: [("Database", settings.databaseURL.description)] + (tasks?.facts ?? [])
                + settings.webhooks.map { ("Webhooks", $0.name) },
            events: migrations.isEmpty ? [] : ["migrated: \(migrations.joined(separator: ", "))"],
            warnings: warnings(settings))
        report.pages.append(("Talks", "/live"))
        return report
    }

    private func warnings(_ settings: Settings) -> [String] {
        var warnings = Self.settingWarnings(settings)
        if settings.redisURL != nil {
            warnings.append("REDIS_URL is not used: beside SQLite one process counts all rates by itself")
        }
        if settings.databaseURL == .memory {
            warnings.append("comments are in memory only and go when the service ends")
        }
        // What about the database's place may lose answered comments.
        warnings += database.hazards.map { "\(settings.databaseURL): \($0)" }
        if settings.sqliteSynchronous == .normal {
            warnings.append("a power failure can take the last comments (LIVETALK_SQLITE_SYNCHRONOUS)")
        }
        return warnings
    }

    /// What an operator should know of the settings, whatever the database is.
    static func settingWarnings(_ settings: Settings) -> [String] {
        var warnings: [String] = []
        if settings.demoUser {
            warnings.append("the demo user with its well-known password is let in (LIVETALK_DEMO_USER)")
        }
        if settings.demoRoutes, !settings.server.isLocal {
            warnings.append("the talk's demo routes are open; one blocks its loop (LIVETALK_DEMO_ROUTES)")
        }
        if settings.benchmarkRoutes {
            warnings.append("the benchmark's routes are open (LIVETALK_BENCHMARK_ROUTES)")
        }
        return warnings + settings.server.warnings(prefix: Settings.catalog.prefix)
            + settings.unencryptedWebhooks
    }

    /// The database for a command that works on it while no service has it, brought up to date.
    ///
    /// - Parameters:
    ///   - creating: whether one that is not there is made.
    ///   - what: what it is opened for.
    static func openedDatabase(
        _ settings: Settings, creating: Bool, for what: String
    ) throws(StartError) -> Database {
        guard case .file(let path) = settings.databaseURL else {
            throw StartError(
                "\(what) are kept in a file: \(settings.databaseURL.refusal ?? "DATABASE_URL names none")")
        }
        if !creating, (try? FilePlace(path))?.status() == nil {
            throw StartError("the database \(settings.databaseURL) cannot be used: there is no such file")
        }
        let database = try database(settings)
        do {
            try database.migrate(Migration.all)
        } catch {
            database.close()
            throw .database(settings.databaseURL, error)
        }
        return database
    }

    static func database(_ settings: Settings) throws(StartError) -> Database {
        var configuration: Database.Configuration
        switch settings.databaseURL {
        case .file(let path): configuration = Database.Configuration(.file(path))
        case .memory: configuration = Database.Configuration(.memory)
        case .postgres: throw StartError("this needs SQLite: DATABASE_URL names a PostgreSQL")
        }
        // One more for the broker's loop, whose number comes behind the server's.
        configuration.loopReaders = settings.workers + (settings.broker == .embedded ? 1 : 0)
        // One more for the jobs' loop, which no long read keeps waiting.
        configuration.otherReaders = Self.workerReaders + 1
        configuration.synchronous = settings.sqliteSynchronous == .full ? .full : .normal
        do {
            return try Database.opening(configuration)
        } catch {
            throw .database(settings.databaseURL, error)
        }
    }
}

extension Settings {
    /// What an operator should know of webhooks that go out in plain text.
    fileprivate var unencryptedWebhooks: [String] {
        webhooks.filter { !$0.url.hasPrefix("https:") }.map {
            "\($0.name) is told of comments without encryption (LIVETALK_WEBHOOKS)"
        }
    }
}

extension App {
    /// The application over its stores in SQLite.
    init(
        _ settings: Settings, comments: some CommentStore, users: SQLiteUserStore, context: ServiceContext,
        room: SQLiteRoomStore? = nil, feed: TalkFeed? = nil, seal: CommentTokenSigner = CommentTokenSigner(),
        state: StateAcrossReloads = StateAcrossReloads(), tasks: CeleryTasks? = nil, jobs: Jobs? = nil
    ) {
        let room = room ?? SQLiteRoomStore(users.database, ChangeLog(), longReads: state.roomReads)
        let feed =
            feed ?? TalkFeed(room.database, subscribers: settings.feedSubscribers, logger: context.logger)
        let stores = LiveTalkStores(
            comments: comments, users: users, talks: SQLiteTalkStore(room.database, room.changes), room: room,
            feed: feed.feed, seal: seal)
        self.init(settings, stores, context: context, state: state, queue: tasks?.queue) { app, auth in
            let jobs = jobs ?? .liveTalk(room.database, logger: context.logger)
            JobsPage(
                jobs: jobs, database: room.database, login: ModeratorLogin(auth),
                template: PageFiles.page("jobs")
            ).register(in: &app)
            JobRoutes(jobs: jobs, moderator: AuthRoutes.moderator(auth)).register(in: &app)
        }
    }
}
