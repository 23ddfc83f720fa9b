import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs cancel ID`.
struct JobsCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs that wait or run.")

    @Argument(help: "The jobs' ids.")
    var ids: [Int]

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withJobs { jobs in
            for id in ids {
                try jobs.cancel(id)
                try StandardStreams.write("job \(id) is cancelled")
            }
        }
    }
}
