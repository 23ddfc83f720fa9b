import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk health`: asks a running service whether it lives; for the health checks of containers.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask the running service whether it lives; the status is 0 when it does.")

    @Option(help: "The host name or address that the service listens on.")
    var host: String?

    @Option(help: "The port that the service listens on.")
    var port: String?

    @Option(help: "The path of the Unix socket that the service listens on.")
    var unixSocket: String?

    @Option(help: "The service's file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        let flags = ["LIVETALK_HOST": host, "LIVETALK_PORT": port, "LIVETALK_UNIX_SOCKET": unixSocket]
            .compactMapValues(\.self)
        try LiveTalkApp.checkHealth(flags: flags, file: envFile)
    }
}
