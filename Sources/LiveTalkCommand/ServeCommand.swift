import ArgumentParser
import Crane
import HTTPServer
import LiveTalk

/// `livetalk serve`: answers requests until SIGTERM or SIGINT.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer requests until SIGTERM or SIGINT.",
        discussion: """
            Settings come, strongest first, from flags, the environment, the .env file and defaults. Every flag has a \
            variable: --log-level is LIVETALK_LOG_LEVEL, --database-url is DATABASE_URL.
            """)

    @OptionGroup(title: "Settings")
    var flags: SettingFlags

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        let settings = try Settings(
            flags: flags.values, environment: ProcessEnvironment.variables(), file: envFile ?? ".env",
            required: envFile != nil)
        let log = LogSink.standardError(format: settings.logFormat == .json ? .json : .text)
        defer { log.close() }
        let app = try LiveTalkApp(settings, log: log)
        defer { app.close() }
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(settings.host, port: settings.port)]
        configuration.workers = settings.workers
        let server = Server(responder: app.responder, configuration: configuration, logger: app.logger)
        let addresses = try server.start()
        let banner = Banner(settings: settings, addresses: addresses, migrations: app.migrations)
        StandardStreams.writeError(banner.text)
        server.waitUntilStopped()
    }
}
