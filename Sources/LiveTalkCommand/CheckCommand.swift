import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk check`: looks for damage in the database.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damage in the database, also while it is served.")

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let care = DatabaseTransfer(try options.settings())
        let problems = try care.check()
        if problems.isEmpty { return try StandardStreams.write("no problems") }
        try StandardStreams.write(problems.joined(separator: "\n"))
        throw OperationError(
            "\(care.name): \(problems.count == 1 ? "a problem" : "\(problems.count) problems")")
    }
}
