import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs retry ID`.
struct JobsRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Have jobs that have ended tried again.")

    @Argument(help: "The jobs' ids.")
    var ids: [Int]

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withJobs { jobs in
            for id in ids {
                try jobs.retry(id)
                try StandardStreams.write("job \(id) waits again")
            }
        }
    }
}
