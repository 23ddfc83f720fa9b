import ArgumentParser
import LiveTalk

/// `livetalk openapi`: the document that `/openapi.json` serves.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI document.")

    func run() throws {
        try StandardOutput.write(LiveTalkApp.openAPI())
    }
}
