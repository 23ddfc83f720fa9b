public import CraneService

/// Everything about LiveTalk that an operator may choose; the initial values are the defaults.
public struct Settings: ServiceSettings {
    /// How hard a commit insists on the disk (SQLite's `PRAGMA synchronous`).
    public enum Synchronous: String, Sendable, CaseIterable {
        case full = "FULL"
        case normal = "NORMAL"
    }

    public var server = Settings.talksServer
    public var databaseURL = DatabaseURL.file("comments.db")
    /// Logins that may fail in a time, for each address and each name.
    public var failedLogins: RateRule? = RateRule(count: 30, seconds: 300)
    public var sqliteSynchronous = Synchronous.full
    public var demoUser = false
    /// Characters of a comment that is posted or changed; `nil` for as many as a body holds.
    public var commentLength: Int?
    /// How long a token that a login gives out is good.
    public var tokenLifetime = Duration.seconds(30 * 86400)
    public var pingDelay = Duration.milliseconds(50)
    public var processDelay = Duration.milliseconds(50)
    public var processedFile = "processed_data.txt"
    /// The pings, `/limited` and `/process` of the talk.
    public var demoRoutes = true
    public var benchmarkRoutes = false

    public init() {}

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
                "DATABASE_URL", \.databaseURL, "sqlite:///relative.db, sqlite:////absolute.db or sqlite://"
            ) { DatabaseURL($0) },
            Setting(
                "LIVETALK_FAILED_LOGINS", \.failedLogins, "COUNT/SECONDS such as 30/300, or off",
                isReloadable: true
            ) { SettingText.rate($0) },
            Setting(
                "LIVETALK_COMMENT_LENGTH", \.commentLength, "characters from 1 to 1048576, or off",
                isReloadable: true
            ) { SettingText.bound($0, in: 1...1 << 20) },
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
            Setting("LIVETALK_DEMO_ROUTES", \.demoRoutes, "true or false") { SettingText.boolean($0) },
            Setting("LIVETALK_BENCHMARK_ROUTES", \.benchmarkRoutes, "true or false") {
                SettingText.boolean($0)
            },
        ])
}
