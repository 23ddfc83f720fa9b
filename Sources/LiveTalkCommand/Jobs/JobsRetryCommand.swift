import ArgumentParser
import LiveTalk

/// `livetalk jobs retry ID`.
struct JobsRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Have jobs that have ended tried again.")

    @OptionGroup var jobs: NamedJobs

    func run() throws {
        try jobs.forEach("waits again") { try $0.retry($1) }
    }
}
