public import Crane
public import Logging
import Synchronization

/// What a service is given to be built with: its log, and what is asked about it from outside.
public final class ServiceContext: Sendable {
    private struct State {
        var readiness = Readiness()
        var metrics: @Sendable () -> [Metric] = { [] }
        var degradations: @Sendable () -> [String] = { [] }
        var rateCounter: (any SharedRateCounter)?
        /// What clients have taken of the rate limit, as long as the rule stays.
        var limit: (rule: RateRule, limiter: RateLimiter)?
    }

    /// The service's, for what it does outside of requests; its level is the operator's.
    public let logger: Logger
    /// Among how many servers the rate limit is divided; a service that is one of several counts them.
    public let servers = ServerCount()
    package let name: String
    package let threshold: LogThreshold
    private let accessLog: LogSink?
    /// Here, so that a reload goes on counting.
    private let requestMetrics = RequestMetrics()
    private let state = Mutex(State())

    /// Opens the access log.
    ///
    /// - Parameters:
    ///   - name: as in ``Service/name``.
    ///   - settings: what the operator has chosen.
    ///   - log: where log entries go, and access log lines too when they are for standard error.
    /// - Throws: ``StartError``, one line for the operator.
    public convenience init(_ name: String, _ settings: ServerSettings, log: LogSink) throws(StartError) {
        let accessLog: LogSink?
        switch settings.accessLog {
        case .off: accessLog = nil
        case .standardError: accessLog = log
        case .file(let path):
            do {
                accessLog = try LogSink(path: path, format: log.format)
            } catch {
                throw StartError("\(error)")
            }
        }
        let threshold = LogThreshold(settings.logLevel)
        let logger = Logger(label: name.lowercased()) { label in
            LineLogHandler(label: label, threshold: threshold, sink: log)
        }
        self.init(name, logger: logger, threshold: threshold, accessLog: accessLog)
    }

    package init(
        _ name: String, logger: Logger, threshold: LogThreshold = LogThreshold(.info),
        accessLog: LogSink? = nil
    ) {
        self.name = name
        self.logger = logger
        self.threshold = threshold
        self.accessLog = accessLog
    }

    /// What `/readyz` asks; a service that stands on something sets its own when it is built.
    public var readiness: Readiness {
        get { state.withLock { $0.readiness } }
        set { state.withLock { $0.readiness = newValue } }
    }

    /// What the service itself counts, for `/metrics`: called on a worker thread at each request of it, so that it may read a database.
    public var metrics: @Sendable () -> [Metric] {
        get { state.withLock { $0.metrics } }
        set { state.withLock { $0.metrics = newValue } }
    }

    /// What does not work as it should, in a few words each, while requests are served all the same: `/readyz` says it beside `ready`.
    public var degradations: @Sendable () -> [String] {
        get { state.withLock { $0.degradations } }
        set { state.withLock { $0.degradations = newValue } }
    }

    /// Who counts the rate limit for all servers; one that is set before the first application is made.
    public var rateCounter: (any SharedRateCounter)? {
        get { state.withLock { $0.rateCounter } }
        set { state.withLock { $0.rateCounter = newValue } }
    }

    /// An application without routes of its own but `/healthz`, `/readyz` and `/metrics`, behind what the settings say of every
    /// request: access log, host check, CORS, rate limit.
    ///
    /// What clients have taken of the rate limit is kept from one application to the next while the limit stays.
    public func app(
        for settings: ServerSettings, title: String, version: String, description: String = ""
    ) -> App {
        var app = App(
            title: title, version: version, description: description, rootPath: settings.rootPath,
            trustedProxies: settings.trustedProxies, logger: logger)
        app.middleware = middleware(settings)
        HealthRoutes(readiness: readiness, degradations: degradations).register(in: &app)
        app.metrics(
            HealthRoutes.metricsPath, prefix: name.lowercased(),
            counting: settings.requestMetrics ? requestMetrics : nil, metrics)
        return app
    }

    /// The first is outermost. All are gates: CORS puts its fields on refusals too.
    private func middleware(_ settings: ServerSettings) -> [any Middleware] {
        let exempt = HealthRoutes.paths + [HealthRoutes.metricsPath]
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
            let limit = RateLimit(limiter(for: rule), exempt: exempt)
            middleware.append(rateCounter == nil ? limit : SharedRateLimit(limit))
        }
        return middleware
    }

    private func limiter(for rule: RateRule) -> RateLimiter {
        state.withLock { state in
            if let limit = state.limit, limit.rule == rule { return limit.limiter }
            let limiter = RateLimiter(
                rule.count, per: .seconds(rule.seconds), sharedAmong: servers, countedBy: state.rateCounter)
            state.limit = (rule, limiter)
            return limiter
        }
    }

    /// Opens the log file anew, after it was renamed; throws when it cannot and keeps the old one.
    package func reopenLog() throws {
        try accessLog?.reopen()
    }

    /// Writes what waits of the access log.
    package func flushLog() {
        accessLog?.flush()
    }
}
