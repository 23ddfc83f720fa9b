import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs list`.
struct JobsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "Print jobs, the newest first: id, state, task, queue, attempts, when due, last error, with tabs between."
    )

    @Option(help: "One of \(JobAdministration.states.joined(separator: ", ")).")
    var state: String?

    @Option(help: "A task's name.")
    var task: String?

    @Option(help: "A queue's name.")
    var queue: String?

    @Option(help: "How many at most.")
    var limit = 50

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let state, !JobAdministration.states.contains(state) {
            throw ValidationError("--state is one of \(JobAdministration.states.joined(separator: ", "))")
        }
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 100000")
        }
    }

    func run() throws {
        let lines = try JobAdministration.list(
            options.settings(), state: state, task: task, queue: queue, limit: limit)
        for line in lines { try StandardStreams.write(line) }
    }
}
