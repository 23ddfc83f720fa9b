import ArgumentParser
import CraneService

/// The command `crane`, for who writes applications: makes packages, and runs them while they are written.
@main
struct CraneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crane",
        abstract: "Makes applications with Crane, and runs them while they are written.",
        subcommands: [NewCommand.self, DevCommand.self])
}
