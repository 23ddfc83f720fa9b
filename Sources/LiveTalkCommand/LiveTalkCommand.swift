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
            OpenAPICommand.self, MigrateCommand.self, BackupCommand.self, RestoreCommand.self,
            CheckCommand.self, ExportCommand.self, ImportCommand.self, CopyCommand.self,
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
            ServiceProcess.fail("livetalk", message(for: error), status: exitCode(for: error).rawValue)
        }
    }
}
