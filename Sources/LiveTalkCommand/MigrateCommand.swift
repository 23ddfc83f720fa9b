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
        let schema = DatabaseSchema(try options.settings())
        if status { return try StandardStreams.write(schema.status().joined(separator: "\n")) }
        let applied = try schema.migrate()
        try StandardStreams.write(
            applied.isEmpty ? "up to date" : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }
}
