import ArgumentParser
import CraneService
import CraneSystem
import LiveTalk

/// The command `livetalk`.
@main
struct LiveTalkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "livetalk",
        abstract: "A comment service for talks.",
        version: LiveTalkApp.version,
        subcommands: [
            ServeCommand.self, HealthCommand.self, UserCommand.self, OpenAPICommand.self, MigrateCommand.self,
            BackupCommand.self, RestoreCommand.self, CheckCommand.self, ExportCommand.self,
            ImportCommand.self,
        ])

    /// Ends with a status for scripts: 0, 64 for a bad command line (sysexits.h), 1 for anything else.
    static func main() {
        Signals.prepare()
        StandardStreams.prepare()
        do {
            do {
                if let plain = PlainArguments(CommandLine.arguments.dropFirst()) {
                    return try ServeCommand.serve(plain.settings, envFile: plain.envFile)
                }
                var command = try parseAsRoot()
                try command.run()
            } catch let error where exitCode(for: error).isSuccess {
                // Help and version are no failures: they go to standard output.
                try StandardStreams.write(fullMessage(for: error))
            }
        } catch {
            let isJournal = Journal.readsStandardError(environment: ProcessEnvironment.variables())
            let text = Secrets.masked(message: message(for: error))
            StandardStreams.writeError("\(isJournal ? "<3>" : "")livetalk: \(text)\n")
            Self.exit(withError: exitCode(for: error))
        }
    }
}
