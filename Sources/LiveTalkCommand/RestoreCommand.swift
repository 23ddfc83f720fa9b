import ArgumentParser
import LiveTalk

/// `livetalk restore FILE`: puts a backup in the database's place.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the database's place; the service must be stopped.")

    @OptionGroup var options: DatabaseOptions

    @Argument(help: "The backup.")
    var file: String

    @Flag(help: "Replace the database that is there.")
    var replace = false

    func run() throws {
        let care = try options.care()
        let line = ProgressLine("restore")
        try care.restore(from: file, replacing: replace) { line.show($0) }
    }
}
