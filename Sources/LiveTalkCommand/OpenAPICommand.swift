import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk openapi`: the document that `/openapi.json` serves with the same settings.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI document.")

    @Option(help: "The service's file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        let sources = SettingsSources<Settings>(
            flags: [:], environment: ProcessEnvironment.variables(), file: envFile)
        try StandardStreams.write(LiveTalkApp.openAPI(sources.settings()))
    }
}
