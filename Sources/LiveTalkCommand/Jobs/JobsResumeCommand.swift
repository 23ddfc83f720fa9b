import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs resume [QUEUE]`.
struct JobsResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let jobs begin again: those of a queue, or of all that are paused.")

    @Argument(help: "The queue's name; all queues without it.")
    var queue: String?

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withJobs { try $0.resume(queue) }
        try StandardStreams.write("resumed \(queue.map { "the queue \($0)" } ?? "all queues")")
    }
}
