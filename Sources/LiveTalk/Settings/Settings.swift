public import CraneCelery
public import CraneRedis
public import CraneService
public import CraneWebhooks

/// Everything about LiveTalk that an operator may choose; the initial values are the defaults.
public struct Settings: ServiceSettings {
    /// How hard a commit insists on the disk (SQLite's `PRAGMA synchronous`).
    public enum Synchronous: String, Sendable, CaseIterable {
        case full = "FULL"
        case normal = "NORMAL"
    }

    /// Who changes and deletes a comment.
    public enum Writes: String, Sendable, CaseIterable {
        /// Anybody: the talk's API.
        case open
        /// Who wrote it, for a while, and moderators.
        case owner
    }

    /// Where commands reach the running service: a Unix socket for its owner alone.
    public enum ControlSocketPlace: Hashable, Sendable {
        /// `control.sock` in the service's runtime directory, or else beside the database.
        case usual
        case off
        case path(String)

        /// Reads a path of at most 107 bytes (unix(7), `sun_path`), `off`, or nothing.
        init?(_ text: String) {
            if text.isEmpty {
                self = .usual
            } else if text.lowercased() == "off" {
                self = .off
            } else {
                guard text.utf8.count <= 107, !text.utf8.contains(0) else { return nil }
                self = .path(text)
            }
        }
    }

    public var server = Settings.talksServer
    public var databaseURL = DatabaseURL.file("comments.db")
    /// Logins that may fail in a time, for each address and each name.
    public var failedLogins: RateRule? = RateRule(count: 30, seconds: 300)
    public var sqliteSynchronous = Synchronous.full
    public var demoUser = false
    /// Characters of a comment that is posted or changed; `nil` for as many as a body holds.
    public var commentLength: Int?
    /// Who changes and deletes a comment.
    public var writes = Writes.open
    /// How long an author may do so.
    public var editWindow = Duration.seconds(300)
    /// What is kept of the addresses that comments come with.
    public var userIP = AddressKeeping.keep
    /// Posts and votes of one participant, and of one network.
    public var participantRate: RateRule?
    public var networkRate: RateRule?
    /// Where commands reach the running service.
    public var controlSocket = ControlSocketPlace.usual
    /// Subscribers of the talks' feeds at once.
    public var feedSubscribers = 20_000
    /// How long changes can be resumed.
    public var feedLifetime = Duration.seconds(7 * 86400)
    /// Who is told of each change of a comment.
    public var webhooks: [WebhookEndpoint] = []
    /// Networks that they may be in, beside the public internet.
    public var webhookNetworks: [String] = []
    /// How long a token that a login gives out is good.
    public var tokenLifetime = Duration.seconds(30 * 86400)
    public var pingDelay = Duration.milliseconds(50)
    public var processDelay = Duration.milliseconds(50)
    public var processedFile = "processed_data.txt"
    /// Who carries tasks to Celery's workers.
    public var broker = BrokerChoice.off
    /// Where the embedded broker listens, and what its clients must say.
    public var brokerListen = BrokerAddress.host("127.0.0.1", port: 6399)
    public var brokerPassword: String?
    /// How long the connection that has taken a task may be gone before another worker gets the task.
    public var brokerGrace = Duration.seconds(60)
    /// Where the nodes on a PostgreSQL count their rates together; `nil` for each its part.
    public var redisURL: RedisURL?
    /// The pings, `/limited` and `/process` of the talk.
    public var demoRoutes = true
    public var benchmarkRoutes = false

    public init() {}

    /// The path of the control socket; `nil` for none.
    ///
    /// - Parameter environment: where systemd names the runtime directory (systemd.exec(5)).
    public func controlSocket(environment: [String: String]) -> String? {
        switch controlSocket {
        case .off: return nil
        case .path(let path): return path
        case .usual:
            let directory = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first
            return directory.map { $0 + "/control.sock" } ?? databaseURL.path.map { $0 + "-control" }
        }
    }

    /// What the talk's application answers to.
    private static let talksServer: ServerSettings = {
        var server = ServerSettings()
        server.allowedHosts = [
            "localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver", "[::1]",
        ]
        server.corsAllowOrigins = ["*"]
        server.corsAllowCredentials = true
        // What the service says in fields of its own.
        server.corsExposeHeaders = [
            "ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Comment-Token", "X-Request-ID",
        ]
        return server
    }()

    public static let catalog = SettingCatalog<Settings>(
        prefix: "LIVETALK_",
        [
            Setting(
                "DATABASE_URL", \.databaseURL,
                "sqlite:///relative.db, sqlite:////absolute.db, sqlite:// or postgresql://HOST/DATABASE"
            ) { DatabaseURL($0) },
            Setting(
                "LIVETALK_FAILED_LOGINS", \.failedLogins, "COUNT/SECONDS such as 30/300, or off",
                isReloadable: true
            ) { SettingText.rate($0) },
            Setting(
                "LIVETALK_COMMENT_LENGTH", \.commentLength, "characters from 1 to 1048576, or off",
                isReloadable: true
            ) { SettingText.bound($0, in: 1...1 << 20) },
            Setting(
                "LIVETALK_WRITES", \.writes, "one of open, owner", isReloadable: true
            ) { Writes(rawValue: $0.lowercased()) },
            Setting("LIVETALK_EDIT_SECONDS", \.editWindow, "seconds from 0 to 86400", isReloadable: true) {
                SettingText.integer($0, in: 0...86400).map { .seconds($0) }
            },
            Setting("LIVETALK_USER_IP", \.userIP, "one of keep, truncate, drop", isReloadable: true) {
                AddressKeeping(rawValue: $0.lowercased())
            },
            Setting(
                "LIVETALK_PARTICIPANT_RATE", \.participantRate, "COUNT/SECONDS such as 30/60, or off",
                isReloadable: true
            ) { SettingText.rate($0) },
            Setting(
                "LIVETALK_NETWORK_RATE", \.networkRate, "COUNT/SECONDS such as 1200/60, or off",
                isReloadable: true
            ) { SettingText.rate($0) },
            Setting(
                "LIVETALK_CONTROL_SOCKET", \.controlSocket, "a path of at most 107 bytes, off, or nothing"
            ) { ControlSocketPlace($0) },
            Setting("LIVETALK_FEED_SUBSCRIBERS", \.feedSubscribers, "a number from 1 to 1000000") {
                SettingText.integer($0, in: 1...1_000_000)
            },
            Setting("LIVETALK_FEED_DAYS", \.feedLifetime, "days from 1 to 3650") {
                SettingText.integer($0, in: 1...3650).map { .seconds($0 * 86400) }
            },
            Setting(
                "LIVETALK_WEBHOOKS", \.webhooks,
                "16 at most of URL#whsec_BASE64 with 24 to 64 bytes, no URL twice"
            ) { WebhookText.endpoints($0) },
            Setting(
                "LIVETALK_WEBHOOK_NETWORKS", \.webhookNetworks, "networks such as 10.1.0.0/16, or nothing"
            ) { WebhookText.networks($0) },
            Setting("LIVETALK_SQLITE_SYNCHRONOUS", \.sqliteSynchronous, "FULL or NORMAL") {
                Synchronous(rawValue: $0.uppercased())
            },
            Setting("LIVETALK_DEMO_USER", \.demoUser, "true or false") { SettingText.boolean($0) },
            Setting("LIVETALK_TOKEN_DAYS", \.tokenLifetime, "days from 1 to 3650") {
                SettingText.integer($0, in: 1...3650).map { .seconds($0 * 86400) }
            },
            Setting("LIVETALK_PING_SECONDS", \.pingDelay, "seconds from 0 to 3600") {
                SettingText.seconds($0)
            },
            Setting("LIVETALK_PROCESS_SECONDS", \.processDelay, "seconds from 0 to 3600") {
                SettingText.seconds($0)
            },
            Setting("LIVETALK_PROCESSED_FILE", \.processedFile, "the path of a file") {
                SettingText.text($0)
            },
            Setting(
                "LIVETALK_BROKER", \.broker, "off, embedded or redis://[:PASSWORD@]HOST[:PORT][/DATABASE]"
            ) {
                BrokerChoice($0)
            },
            Setting(
                "LIVETALK_BROKER_LISTEN", \.brokerListen, "ADDRESS:PORT, or the path of a Unix socket"
            ) { BrokerAddress($0) },
            Setting("LIVETALK_BROKER_PASSWORD", \.brokerPassword, "a password, or nothing") {
                .some($0.isEmpty ? nil : $0)
            },
            Setting("LIVETALK_BROKER_GRACE_SECONDS", \.brokerGrace, "seconds from 1 to 86400") {
                SettingText.integer($0, in: 1...86400).map { .seconds($0) }
            },
            Setting("REDIS_URL", \.redisURL, "redis://[:PASSWORD@]HOST[:PORT][/DATABASE], or nothing") {
                $0.isEmpty ? .some(.none) : RedisURL($0).map { .some($0) }
            },
            Setting("LIVETALK_DEMO_ROUTES", \.demoRoutes, "true or false") { SettingText.boolean($0) },
            Setting("LIVETALK_BENCHMARK_ROUTES", \.benchmarkRoutes, "true or false") {
                SettingText.boolean($0)
            },
        ])
}
