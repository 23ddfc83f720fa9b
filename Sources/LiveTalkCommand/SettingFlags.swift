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
        [
            "DATABASE_URL": databaseURL,
            "LIVETALK_ACCESS_LOG": accessLog,
            "LIVETALK_ALLOWED_HOSTS": allowedHosts,
            "LIVETALK_HOST": host,
            "LIVETALK_LOG_FORMAT": logFormat,
            "LIVETALK_LOG_LEVEL": logLevel,
            "LIVETALK_PORT": port,
            "LIVETALK_RATE_LIMIT": rateLimit,
            "LIVETALK_TRUSTED_PROXIES": trustedProxies,
            "LIVETALK_UNIX_SOCKET": unixSocket,
            "LIVETALK_WORKERS": workers,
        ].compactMapValues(\.self)
    }
}
