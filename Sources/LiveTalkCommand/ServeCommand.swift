import ArgumentParser
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

            All settings, as variables and in the .env file:

            \(Settings.catalog.lines.joined(separator: "\n"))
            """)

    @OptionGroup(title: "Settings")
    var flags: SettingFlags

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        try LiveTalkService.serve(flags: flags.values, file: envFile)
    }
}
