import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs pause [QUEUE]`.
struct JobsPauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract:
            "Let no further job begin, of a queue or of any, until it is resumed; a restart does not change that."
    )

    @Argument(help: "The queue's name; all queues without it.")
    var queue: String?

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withJobs { try $0.pause(queue) }
        try StandardStreams.write("paused \(queue.map { "the queue \($0)" } ?? "all queues")")
    }
}
