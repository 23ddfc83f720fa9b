import ArgumentParser
import LiveTalk

/// `livetalk jobs cancel ID`.
struct JobsCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs that wait or run.")

    @OptionGroup var jobs: NamedJobs

    func run() throws {
        try jobs.forEach("is cancelled") { try $0.cancel($1) }
    }
}
