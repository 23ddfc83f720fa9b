import ArgumentParser
import LiveTalk

/// `livetalk backup FILE`: a consistent copy of the database, also beside a running service.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a file, also while it is served.",
        discussion:
            "The file appears under its name when it is whole and on the disk; one that is there is replaced."
    )

    @OptionGroup var options: DatabaseOptions

    @Argument(help: "The file to write.")
    var file: String

    func run() throws {
        let care = try options.care()
        let line = ProgressLine("backup")
        try care.backup(to: file) { line.show($0) }
    }
}
