import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk routes`: what is answered with the same settings.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the routes: method, path, summary, and what may prove who asks.")

    @Option(help: "The service's file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        let sources = SettingsSources<Settings>(
            flags: [:], environment: ProcessEnvironment.variables(), file: envFile)
        try StandardStreams.write(LiveTalkApp.routes(sources.settings()))
    }
}
