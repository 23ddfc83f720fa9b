public import Crane
import CraneSQLite
public import CraneService
public import Logging

/// LiveTalk put together from its settings: what answers, and what must be closed in the end.
public struct LiveTalkApp: Sendable {
    public static let name = "LiveTalk"
    public static let version = "0.1.0"

    /// Answers every request.
    public let responder: AppResponder
    /// Where the service's parts log.
    public let logger: Logger
    /// What `init` did to the database, for the operator.
    public let migrations: [String]
    /// What about the database's place may lose answered comments, for the operator.
    public var databaseHazards: [String] { database.hazards }
    /// Whether to send requests here, as `/readyz` tells it.
    public let readiness: Readiness
    /// How many long reads go on beside each other on worker threads, each with a connection of its own.
    private static let workerReaders = 2
    private let database: Database
    private let comments: SQLiteCommentStore
    private let users: UserStore
    private let accessLog: LogSink?
    private let threshold: LogThreshold
    private let kept = KeptState()
    private let counters: @Sendable () -> DatabaseCounters

    /// Opens the database, brings it up to date and registers every route.
    ///
    /// - Parameter log: where log entries go, and access log lines too when they are for standard error.
    /// - Throws: `StartError`, one line for the operator.
    public init(_ settings: Settings, log: LogSink) throws(StartError) {
        let threshold = LogThreshold(settings.logLevel)
        self.threshold = threshold
        logger = Logger(label: "livetalk") { label in
            LineLogHandler(label: label, threshold: threshold, sink: log)
        }
        accessLog = try Self.accessLog(settings, log)
        database = try Self.database(settings)
        do {
            migrations = try database.migrate(Migration.all).map { "\($0.number) \($0.name)" }
        } catch {
            database.close()
            throw .database(settings.databaseURL, error)
        }
        users = UserStore(database)
        do {
            try users.setDemoUser(settings.demoUser)
        } catch {
            database.close()
            throw StartError("the database \(settings.databaseURL) cannot be used: \(error)")
        }
        comments = SQLiteCommentStore(
            database, workerSlots: settings.workers..<settings.workers + Self.workerReaders)
        // A connection reads the schema at its first read: here, and not on its loop. A worker thread may wait for its own.
        for slot in 0..<settings.workers { _ = try? comments.comment(0, slot: slot) }
        readiness = Readiness(of: database)
        counters = { [database] in database.counters }
        responder = App(
            settings, comments: comments, users: users, accessLog: accessLog,
            logger: logger, readiness: readiness, kept: kept, counters: counters
        ).build()
    }

    /// Answers by changed settings, for the requests to come; the log level counts from now on.
    ///
    /// What clients have taken stays counted, of the rate limit while the limit itself stays.
    public func responder(for settings: Settings) -> AppResponder {
        threshold.level = settings.logLevel
        return App(
            settings, comments: comments, users: users, accessLog: accessLog,
            logger: logger, readiness: readiness, kept: kept, counters: counters
        ).build()
    }

    /// The graceful shutdown begins: the service is not ready, and work that waits is refused; any thread.
    public func beginShutdown() {
        readiness.beginDraining()
        kept.refuseWaiting()
        comments.longReads.refuseWaiting()
    }

    /// Opens the log file anew, after it was renamed; throws when it cannot and keeps the old one.
    public func reopenLog() throws {
        try accessLog?.reopen()
    }

    /// Writes what waits and lets database and log file go; called when no request runs any more.
    public func close() {
        database.close()
        accessLog?.flush()
    }

    private static func accessLog(_ settings: Settings, _ log: LogSink) throws(StartError) -> LogSink? {
        switch settings.accessLog {
        case .off: return nil
        case .standardError: return log
        case .file(let path):
            do {
                return try LogSink(path: path, format: log.format)
            } catch {
                throw StartError("\(error)")
            }
        }
    }

    static func database(_ settings: Settings) throws(StartError) -> Database {
        var configuration: Database.Configuration
        switch settings.databaseURL {
        case .file(let path): configuration = Database.Configuration(.file(path))
        case .memory: configuration = Database.Configuration(.memory)
        }
        configuration.readers = settings.workers + Self.workerReaders
        configuration.synchronous = settings.sqliteSynchronous == .full ? .full : .normal
        do {
            return try Database.opening(configuration)
        } catch {
            throw .database(settings.databaseURL, error)
        }
    }
}

extension App {
    /// The application over its stores.
    init(
        _ settings: Settings, comments: any CommentStore, users: UserStore, accessLog: LogSink?,
        logger: Logger, readiness: Readiness = Readiness(), kept: KeptState = KeptState(),
        counters: (@Sendable () -> DatabaseCounters)? = nil
    ) {
        self.init(
            title: "LiveTalk API V1", version: LiveTalkApp.version,
            description: "A simple REST API built for a talk at Pycon Uganda 2025",
            rootPath: settings.rootPath, trustedProxies: settings.trustedProxies, logger: logger)
        middleware = Self.middleware(settings, accessLog, kept)
        HealthRoutes(readiness: readiness).register(in: &self)
        if let counters { MetricsRoutes(prefix: "livetalk") { counters().metrics }.register(in: &self) }
        let service = Dependency.constant(CommentService(store: comments))
        CommentRoutes(service, longest: settings.commentLength).register(in: &self)
        SearchRoutes(service).register(in: &self)
        let auth = AuthService(
            users: users, tokenLifetime: settings.tokenLifetime, failedLogins: settings.failedLogins,
            kept: kept)
        AuthRoutes(auth: .constant(auth)).register(in: &self)
        DemoRoutes(settings, kept: kept).register(in: &self)
        ChatRoutes(origins: settings.corsAllowOrigins).register(in: &self)
        if settings.benchmarkRoutes { BenchmarkRoutes().register(in: &self) }
    }

    /// What every request passes through, the first outermost. All are gates: CORS puts its fields on refusals too.
    private static func middleware(
        _ settings: Settings, _ accessLog: LogSink?, _ kept: KeptState
    ) -> [any Middleware] {
        let exempt = HealthRoutes.paths + [MetricsRoutes.path]
        var middleware: [any Middleware] = []
        if let accessLog { middleware.append(AccessLog(accessLog)) }
        if let hosts = settings.allowedHosts {
            middleware.append(TrustedHost(hosts, exempt: exempt))
        }
        if !settings.corsAllowOrigins.isEmpty {
            middleware.append(
                CORS(
                    allowOrigins: settings.corsAllowOrigins, allowMethods: settings.corsAllowMethods,
                    allowHeaders: settings.corsAllowHeaders, allowCredentials: settings.corsAllowCredentials,
                    exposeHeaders: settings.corsExposeHeaders))
        }
        if let rule = settings.rateLimit {
            middleware.append(RateLimit(kept.quota(for: rule), exempt: exempt))
        }
        return middleware
    }
}
