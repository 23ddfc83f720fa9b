public import Crane
public import Logging

/// What an operator may choose about any service: where it listens, whom it answers, what it logs.
///
/// The names in the environment are those in ``SettingCatalog`` behind the service's prefix, `LINKS_PORT` for ``port``.
public struct ServerSettings: Sendable {
    public enum AccessLog: Hashable, Sendable {
        case off, standardError
        case file(String)
    }

    public var host = "127.0.0.1"
    public var port = 8000
    /// Where to listen instead of host and port: the path of a Unix socket, and its file's mode.
    public var unixSocket: String?
    public var unixSocketMode: UInt16 = 0o660
    /// Event loops, each with a thread of its own.
    public var workers = 1
    /// Host names and wildcards; `nil` turns the check off.
    public var allowedHosts: [String]? = ["localhost", "127.0.0.1", "[::1]"]
    /// Empty turns CORS off.
    public var corsAllowOrigins: [String] = []
    public var corsAllowMethods = ["*"]
    public var corsAllowHeaders = ["*"]
    public var corsAllowCredentials = false
    public var corsExposeHeaders = ["Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-ID"]
    /// The path under which clients see the service; empty at the root.
    public var rootPath = ""
    public var rateLimit: RateRule?
    /// Connections at once from one address that is no trusted proxy.
    public var connectionsPerAddress = 4096
    /// Bytes that may be held for all clients together.
    public var memoryBudget = 256 << 20
    /// Whether requests are counted for `/metrics`.
    public var requestMetrics = true
    public var accessLog = AccessLog.standardError
    public var logLevel = Logger.Level.info
    public var logFormat = LogSink.Format.text
    public var trustedProxies = TrustedProxies.loopback

    public init() {}

    /// Whether only this machine can reach it.
    public var isLocal: Bool {
        unixSocket != nil || host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// Those that may be given, by their names without a prefix.
    static let all: [Setting<ServerSettings>] = [
        Setting("HOST", \.host, "a host name, or an address without brackets") { SettingText.host($0) },
        Setting("PORT", \.port, "a port from 0 to 65535") { SettingText.integer($0, in: 0...65535) },
        Setting("UNIX_SOCKET", \.unixSocket, "a path of at most 107 bytes, or nothing") {
            SettingText.socketPath($0)
        },
        Setting("UNIX_SOCKET_MODE", \.unixSocketMode, "octal digits such as 660") { SettingText.mode($0) },
        Setting("WORKERS", \.workers, "a number from 1 to 256, or auto") {
            $0 == "auto"
                ? min(Processors.available, Processors.autoLimit) : SettingText.integer($0, in: 1...256)
        },
        Setting(
            "ALLOWED_HOSTS", \.allowedHosts, "a comma list of names without ports, *.name, or *",
            isReloadable: true
        ) { SettingText.hosts($0) },
        Setting(
            "CORS_ALLOW_ORIGINS", \.corsAllowOrigins,
            "a comma list of origins like https://talks.example.com, or *", isReloadable: true
        ) { SettingText.origins($0) },
        Setting(
            "CORS_ALLOW_METHODS", \.corsAllowMethods, "a comma list of methods, or *", isReloadable: true
        ) { SettingText.tokens($0) },
        Setting(
            "CORS_ALLOW_HEADERS", \.corsAllowHeaders, "a comma list of field names, or *", isReloadable: true
        ) { SettingText.tokens($0) },
        Setting(
            "CORS_EXPOSE_HEADERS", \.corsExposeHeaders, "a comma list of field names, or *",
            isReloadable: true
        ) { SettingText.tokens($0) },
        Setting("CORS_ALLOW_CREDENTIALS", \.corsAllowCredentials, "true or false", isReloadable: true) {
            SettingText.boolean($0)
        },
        Setting("ROOT_PATH", \.rootPath, "a path like /talks, or nothing", isReloadable: true) {
            App.isRootPath($0) ? $0 : nil
        },
        Setting("RATE_LIMIT", \.rateLimit, "COUNT/SECONDS such as 100/60, or off", isReloadable: true) {
            SettingText.rate($0)
        },
        Setting("CONNECTIONS_PER_ADDRESS", \.connectionsPerAddress, "a number from 1 to 1000000") {
            SettingText.integer($0, in: 1...1_000_000)
        },
        Setting("MEMORY_BUDGET", \.memoryBudget, "mebibytes from 16 to 1048576") {
            SettingText.integer($0, in: 16...1_048_576).map { $0 << 20 }
        },
        Setting("REQUEST_METRICS", \.requestMetrics, "true or false", isReloadable: true) {
            SettingText.boolean($0)
        },
        Setting("ACCESS_LOG", \.accessLog, "off, stderr or the path of a file") { SettingText.accessLog($0) },
        Setting("LOG_LEVEL", \.logLevel, "one of \(list(Logger.Level.allCases))", isReloadable: true) {
            Logger.Level(rawValue: $0.lowercased())
        },
        Setting("LOG_FORMAT", \.logFormat, "one of \(list(LogSink.Format.allCases))") {
            LogSink.Format(rawValue: $0.lowercased())
        },
        Setting("TRUSTED_PROXIES", \.trustedProxies, "a comma list of addresses and CIDR blocks") {
            try? TrustedProxies(SettingText.list($0))
        },
    ]

    private static func list(_ cases: [some RawRepresentable<String>]) -> String {
        cases.map(\.rawValue).joined(separator: ", ")
    }
}
