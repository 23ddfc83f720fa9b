public import Crane
public import Logging

/// Everything about LiveTalk that an operator may choose; the initial values are the defaults.
public struct Settings: Sendable {
    public enum LogFormat: String, Sendable, CaseIterable {
        case text, json
    }

    public enum AccessLog: Hashable, Sendable {
        case off, standardError
        case file(String)
    }

    /// How hard a commit insists on the disk (SQLite's `PRAGMA synchronous`).
    public enum Synchronous: String, Sendable, CaseIterable {
        case full = "FULL"
        case normal = "NORMAL"
    }

    /// So many requests a client in so many seconds.
    public struct RateRule: Hashable, Sendable {
        public let count: Int
        public let seconds: Int
    }

    public var databaseURL = DatabaseURL.file("comments.db")
    public var host = "127.0.0.1"
    public var port = 8000
    /// Where to listen instead of host and port: the path of a Unix socket, and its file's mode.
    public var unixSocket: String?
    public var unixSocketMode: UInt16 = 0o660
    public var workers = 1
    /// Host names and wildcards; `nil` turns the check off.
    public var allowedHosts: [String]? = [
        "localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver", "[::1]",
    ]
    /// Empty turns CORS off.
    public var corsAllowOrigins = ["*"]
    public var corsAllowMethods = ["*"]
    public var corsAllowHeaders = ["*"]
    public var corsAllowCredentials = true
    /// What the service says in fields of its own.
    public var corsExposeHeaders = [
        "ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Comment-Token", "X-Request-ID",
    ]
    /// The path under which clients see the service; empty at the root.
    public var rootPath = ""
    public var rateLimit: RateRule?
    /// Logins that may fail in a time, for each address and each name.
    public var failedLogins: RateRule? = RateRule(count: 30, seconds: 300)
    /// Connections at once from one address that is no trusted proxy.
    public var connectionsPerAddress = 4096
    /// Bytes that may be held for all clients together.
    public var memoryBudget = 256 << 20
    public var accessLog = AccessLog.standardError
    public var logLevel = Logger.Level.info
    public var logFormat = LogFormat.text
    public var trustedProxies = TrustedProxies.loopback
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
}
