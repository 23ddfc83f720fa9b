import Crane
import CraneService
import Logging

/// One setting: its name in the environment, what it expects, and where its value goes.
struct Setting: Sendable {
    let name: String
    /// What a value looks like, as the error line says it.
    let expected: String
    /// Puts the value in its place; `false` when it is malformed.
    let apply: @Sendable (String, inout Settings) -> Bool
    /// Its value in words, to see whether it has changed.
    let text: @Sendable (Settings) -> String
    /// Takes its value from other settings.
    let copy: @Sendable (Settings, inout Settings) -> Void
    /// Whether a running service can change it.
    let isReloadable: Bool

    init<Value>(
        _ name: String, _ field: any WritableKeyPath<Settings, Value> & Sendable,
        _ expected: String, isReloadable: Bool = false,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.expected = expected
        self.isReloadable = isReloadable
        text = { String(describing: $0[keyPath: field]) }
        copy = { $1[keyPath: field] = $0[keyPath: field] }
        apply = { text, settings in
            guard let value = parse(text) else { return false }
            settings[keyPath: field] = value
            return true
        }
    }

    /// The flag of a setting: `LIVETALK_LOG_LEVEL` is `--log-level`, `DATABASE_URL` is `--database-url`.
    static func flag(of name: String) -> String {
        let bare = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...]
        return "--" + bare.lowercased().split(separator: "_").joined(separator: "-")
    }

    static let prefix = "LIVETALK_"

    static let all: [Setting] = [
        Setting("DATABASE_URL", \.databaseURL, "sqlite:///relative.db, sqlite:////absolute.db or sqlite://") {
            DatabaseURL($0)
        },
        Setting("LIVETALK_HOST", \.host, "a host name, or an address without brackets") { parseHost($0) },
        Setting("LIVETALK_PORT", \.port, "a port from 0 to 65535") { parseInteger($0, in: 0...65535) },
        Setting("LIVETALK_UNIX_SOCKET", \.unixSocket, "a path of at most 107 bytes, or nothing") {
            parseSocketPath($0)
        },
        Setting("LIVETALK_UNIX_SOCKET_MODE", \.unixSocketMode, "octal digits such as 660") { parseMode($0) },
        Setting("LIVETALK_WORKERS", \.workers, "a number from 1 to 256, or auto") {
            $0 == "auto" ? min(Processors.available, Processors.autoLimit) : parseInteger($0, in: 1...256)
        },
        Setting(
            "LIVETALK_ALLOWED_HOSTS", \.allowedHosts, "a comma list of names without ports, *.name, or *",
            isReloadable: true
        ) {
            parseHosts($0)
        },
        Setting(
            "LIVETALK_CORS_ALLOW_ORIGINS", \.corsAllowOrigins,
            "a comma list of origins like https://talks.example.com, or *", isReloadable: true
        ) { parseOrigins($0) },
        Setting(
            "LIVETALK_CORS_ALLOW_METHODS", \.corsAllowMethods, "a comma list of methods, or *",
            isReloadable: true
        ) { parseTokens($0) },
        Setting(
            "LIVETALK_CORS_ALLOW_HEADERS", \.corsAllowHeaders, "a comma list of field names, or *",
            isReloadable: true
        ) { parseTokens($0) },
        Setting(
            "LIVETALK_CORS_EXPOSE_HEADERS", \.corsExposeHeaders, "a comma list of field names, or *",
            isReloadable: true
        ) { parseTokens($0) },
        Setting(
            "LIVETALK_CORS_ALLOW_CREDENTIALS", \.corsAllowCredentials, "true or false", isReloadable: true
        ) { parseBool($0) },
        Setting("LIVETALK_ROOT_PATH", \.rootPath, "a path like /talks, or nothing", isReloadable: true) {
            App.isRootPath($0) ? $0 : nil
        },
        Setting(
            "LIVETALK_RATE_LIMIT", \.rateLimit, "COUNT/SECONDS such as 100/60, or off", isReloadable: true
        ) { parseRate($0) },
        Setting(
            "LIVETALK_FAILED_LOGINS", \.failedLogins, "COUNT/SECONDS such as 30/300, or off",
            isReloadable: true
        ) { parseRate($0) },
        Setting("LIVETALK_CONNECTIONS_PER_ADDRESS", \.connectionsPerAddress, "a number from 1 to 1000000") {
            parseInteger($0, in: 1...1_000_000)
        },
        Setting("LIVETALK_MEMORY_BUDGET", \.memoryBudget, "mebibytes from 16 to 1048576") {
            parseInteger($0, in: 16...1_048_576).map { $0 << 20 }
        },
        Setting("LIVETALK_ACCESS_LOG", \.accessLog, "off, stderr or the path of a file") {
            parseAccessLog($0)
        },
        Setting(
            "LIVETALK_LOG_LEVEL", \.logLevel, "one of \(list(Logger.Level.allCases))", isReloadable: true
        ) {
            Logger.Level(rawValue: $0.lowercased())
        },
        Setting("LIVETALK_LOG_FORMAT", \.logFormat, "one of \(list(Settings.LogFormat.allCases))") {
            Settings.LogFormat(rawValue: $0.lowercased())
        },
        Setting("LIVETALK_TRUSTED_PROXIES", \.trustedProxies, "a comma list of addresses and CIDR blocks") {
            try? TrustedProxies(parseList($0))
        },
        Setting(
            "LIVETALK_COMMENT_LENGTH", \.commentLength, "characters from 1 to 1048576, or off",
            isReloadable: true
        ) { parseBound($0, in: 1...1 << 20) },
        Setting("LIVETALK_SQLITE_SYNCHRONOUS", \.sqliteSynchronous, "FULL or NORMAL") {
            Settings.Synchronous(rawValue: $0.uppercased())
        },
        Setting("LIVETALK_DEMO_USER", \.demoUser, "true or false") { parseBool($0) },
        Setting("LIVETALK_TOKEN_DAYS", \.tokenLifetime, "days from 1 to 3650") {
            parseInteger($0, in: 1...3650).map { .seconds($0 * 86400) }
        },
        Setting("LIVETALK_PING_SECONDS", \.pingDelay, "seconds from 0 to 3600") { parseSeconds($0) },
        Setting("LIVETALK_PROCESS_SECONDS", \.processDelay, "seconds from 0 to 3600") { parseSeconds($0) },
        Setting("LIVETALK_PROCESSED_FILE", \.processedFile, "the path of a file") { parseText($0) },
        Setting("LIVETALK_DEMO_ROUTES", \.demoRoutes, "true or false") { parseBool($0) },
        Setting("LIVETALK_BENCHMARK_ROUTES", \.benchmarkRoutes, "true or false") { parseBool($0) },
    ]

    /// The setting whose name is at most three typing mistakes away.
    static func nearest(to name: String) -> String? {
        let ranked = all.map { (name: $0.name, distance: editDistance($0.name, name)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= 3 ? best.name : nil
    }

    /// Whether a name without the prefix is a setting's but for a typing mistake or two.
    static func isNear(_ name: String) -> Bool {
        all.contains { editDistance($0.name, name) <= 2 }
    }

    /// Whether Kubernetes has made the variable for a Service whose name begins with `livetalk`: service links.
    static func isPlatforms(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let protocols = ["TCP", "UDP", "SCTP"]
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") { return true }
        if name.hasSuffix("_PORT") { return protocols.contains { value.hasPrefix($0.lowercased() + "://") } }
        if name.contains("_SERVICE_PORT_") { return true }
        let words = name.split(separator: "_")
        return words.indices.dropFirst(2).contains { index in
            words[index - 2] == "PORT" && Int(words[index - 1]) != nil
                && protocols.contains(String(words[index]))
        }
    }

    private static func editDistance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }

    private static func list(_ cases: [some RawRepresentable<String>]) -> String {
        cases.map(\.rawValue).joined(separator: ", ")
    }
}
