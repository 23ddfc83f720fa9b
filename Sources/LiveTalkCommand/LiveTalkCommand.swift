import ArgumentParser
import CraneService
import LiveTalk

/// The command `livetalk`.
@main
struct LiveTalkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "livetalk",
        abstract: "A comment service for talks.",
        version: LiveTalkApp.version,
        subcommands: [
            ServeCommand.self, DemoCommand.self, HealthCommand.self, UserCommand.self, JobsCommand.self,
            OpenAPICommand.self, RoutesCommand.self, MigrateCommand.self, BackupCommand.self,
            RestoreCommand.self, CheckCommand.self, ExportCommand.self, ImportCommand.self, CopyCommand.self,
            CompletionsCommand.self,
        ])

    /// Ends with a status for scripts: 0, 64 for a bad command line (sysexits.h), 1 for anything else.
    static func main() {
        ServiceProcess.prepare()
        do {
            do {
                if let plain = PlainArguments(CommandLine.arguments.dropFirst()) {
                    return try LiveTalkService.serve(flags: plain.settings, file: plain.envFile)
                }
                var command = try parseAsRoot()
                try command.run()
            } catch let error where exitCode(for: error).isSuccess {
                // Help and version are no failures: they go to standard output.
                try StandardStreams.write(fullMessage(for: error))
            }
        } catch {
            let hint =
                exitCode(for: error) == .validationFailure ? Self.hint(CommandLine.arguments.dropFirst()) : ""
            ServiceProcess.fail(
                "livetalk", message(for: error) + hint, status: exitCode(for: error).rawValue)
        }
    }

    /// Which subcommand was meant by the first word that is none, in the command or in one of its own; of flags ArgumentParser
    /// says so itself.
    static func hint(_ arguments: ArraySlice<String>) -> String {
        var command: any ParsableCommand.Type = LiveTalkCommand.self
        for word in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty || word.hasPrefix("-") { return "" }
            let names = subcommands.compactMap { $0.configuration.commandName }
            guard let place = names.firstIndex(of: word) else {
                return Misspelling.hint(for: word, in: names)
            }
            command = subcommands[place]
        }
        return ""
    }
}
