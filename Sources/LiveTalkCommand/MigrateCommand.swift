import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk migrate`: brings the database up to date.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database up to date, as serve does when it starts.")

    @OptionGroup var options: DatabaseOptions

    @Flag(help: "Only tell which migrations were applied; works beside a running service.")
    var status = false

    func run() throws {
        let care = try options.care()
        if status { return try StandardStreams.write(care.migrationStatus().joined(separator: "\n")) }
        let applied = try care.migrate()
        try StandardStreams.write(
            applied.isEmpty ? "up to date" : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }
}
