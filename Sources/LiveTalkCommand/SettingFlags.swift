import ArgumentParser

/// The settings that have a flag; their values are checked with all the others.
struct SettingFlags: ParsableArguments {
    @Option(help: "The host name or address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port: String?

    @Option(help: "The path of a Unix socket to listen on, in the place of host and port.")
    var unixSocket: String?

    @Option(help: "How many event loops, or auto for one a processor.")
    var workers: String?

    @Option(help: "Where comments are kept, such as sqlite:///comments.db.")
    var databaseURL: String?

    @Option(help: "The host names to answer to, with wildcards, or *.")
    var allowedHosts: String?

    @Option(help: "COUNT/SECONDS that a client may ask, or off.")
    var rateLimit: String?

    @Option(help: "The networks whose forwarding fields count.")
    var trustedProxies: String?

    @Option(help: "off, stderr, or the path of a file.")
    var accessLog: String?

    @Option(help: "The least level that is logged, such as info.")
    var logLevel: String?

    @Option(help: "text or json.")
    var logFormat: String?

    /// The flags that were given, by the name of their setting in the environment.
    var values: [String: String] {
        var values: [String: String] = [:]
        for flag in Self.all { values[flag.setting] = flag.value(self) }
        return values
    }

    /// Each flag as it is written, its setting's name in the environment, and the value that was given.
    static let all: [(flag: String, setting: String, value: @Sendable (SettingFlags) -> String?)] = [
        ("--host", "LIVETALK_HOST", { $0.host }),
        ("--port", "LIVETALK_PORT", { $0.port }),
        ("--unix-socket", "LIVETALK_UNIX_SOCKET", { $0.unixSocket }),
        ("--workers", "LIVETALK_WORKERS", { $0.workers }),
        ("--database-url", "DATABASE_URL", { $0.databaseURL }),
        ("--allowed-hosts", "LIVETALK_ALLOWED_HOSTS", { $0.allowedHosts }),
        ("--rate-limit", "LIVETALK_RATE_LIMIT", { $0.rateLimit }),
        ("--trusted-proxies", "LIVETALK_TRUSTED_PROXIES", { $0.trustedProxies }),
        ("--access-log", "LIVETALK_ACCESS_LOG", { $0.accessLog }),
        ("--log-level", "LIVETALK_LOG_LEVEL", { $0.logLevel }),
        ("--log-format", "LIVETALK_LOG_FORMAT", { $0.logFormat }),
    ]
}
