import ArgumentParser
import Crane
import CraneServer
import CraneService
import LiveTalk

/// `livetalk serve`: answers requests until SIGTERM or SIGINT, or SIGUSR2 for a restart; SIGHUP reloads.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer requests until SIGTERM or SIGINT.",
        discussion: """
            Settings come, strongest first, from flags, the environment, the .env file and defaults. Every flag has a \
            variable: --log-level is LIVETALK_LOG_LEVEL, --database-url is DATABASE_URL.

            SIGHUP reads the .env file again for the log level, hosts, CORS and limits, and opens the log file \
            anew; SIGUSR1 does that alone. SIGUSR2 stops as SIGTERM does and tells WebSocket clients that the service \
            is back at once (1012 instead of 1001). Sockets that systemd passes are listened on in the place of host \
            and port, or of the Unix socket.
            """)

    @OptionGroup(title: "Settings")
    var flags: SettingFlags

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        try Self.serve(flags.values, envFile: envFile)
    }

    /// Serves until it is told to end.
    ///
    /// - Parameter flags: the settings that were given as arguments, by their names in the environment.
    static func serve(_ flags: [String: String], envFile: String?) throws {
        let environment = ProcessEnvironment.variables()
        let sockets = try PassedSockets(environment: environment)
        let sources = SettingsSources(flags: flags, environment: environment, file: envFile)
        let settings = try sources.settings()
        let isJournal = Journal.readsStandardError(environment: environment)
        let log = LogSink.standardError(
            format: settings.logFormat == .json ? .json : .text, isJournal: isJournal)
        defer { log.close() }
        let app = try LiveTalkApp(settings, log: log)
        defer { app.close() }
        let supervisor = Supervisor(
            app: app, settings: settings, sources: sources,
            notifier: ServiceNotifier(environment: environment))
        let server = Server(
            responder: app.responder, configuration: configuration(settings, sockets, supervisor),
            logger: app.logger)
        let addresses = try server.start()
        let banner = Banner(
            settings: settings, addresses: addresses, migrations: app.migrations,
            hazards: app.databaseHazards)
        StandardStreams.writeError(isJournal ? banner.journalLines : banner.text)
        supervisor.begin(server, addresses: addresses)
        server.blockUntilStopped {
            supervisor.end()
            // The checkpoint too stands under the handled signals.
            app.close()
        }
    }

    private static func configuration(
        _ settings: Settings, _ sockets: PassedSockets, _ supervisor: Supervisor
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.addresses = addresses(settings, sockets)
        configuration.workers = settings.workers
        configuration.maximumConnectionsPerAddress = settings.connectionsPerAddress
        configuration.maximumHeldBytes = settings.memoryBudget
        configuration.hasManyConnections = { settings.trustedProxies.contains($0) }
        configuration.shutdownBegan = { supervisor.beginShutdown() }
        configuration.hungUp = { supervisor.reload() }
        configuration.logsRotated = { supervisor.reopenLog() }
        return configuration
    }

    private static func addresses(_ settings: Settings, _ sockets: PassedSockets) -> [BindAddress] {
        if !sockets.descriptors.isEmpty { return sockets.descriptors.map { .descriptor($0) } }
        if let path = settings.unixSocket { return [.unix(path, mode: settings.unixSocketMode)] }
        return [.host(settings.host, port: settings.port)]
    }
}
