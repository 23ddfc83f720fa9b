import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk jobs show ID`.
struct JobsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a job, with its input and every attempt that failed.")

    @Argument(help: "The job's id, or that of a task of Celery's.")
    var id: String

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        for line in try JobAdministration.show(options.settings(), id) { try StandardStreams.write(line) }
    }
}
