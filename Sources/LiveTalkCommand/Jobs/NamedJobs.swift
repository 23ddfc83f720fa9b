import ArgumentParser
import CraneService
import LiveTalk

/// The jobs that a command is about, and their database.
struct NamedJobs: ParsableArguments {
    @Argument(help: "The jobs' ids.")
    var ids: [Int]

    @OptionGroup var options: DatabaseOptions

    /// Does something to each, and says what has become of it.
    ///
    /// - Parameters:
    ///   - outcome: what is said behind the job's id.
    ///   - act: what is done to a job; what it throws ends the command.
    func forEach(_ outcome: String, _ act: (any JobOperations, Int) throws -> Void) throws {
        try options.withJobs { jobs in
            for id in ids {
                try act(jobs, id)
                try StandardStreams.write("job \(id) \(outcome)")
            }
        }
    }
}
