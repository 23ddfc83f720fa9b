import ArgumentParser

/// `livetalk jobs`: work that goes on behind the requests.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List, show, retry and cancel jobs, and pause and resume their queues.",
        discussion: """
            A running service does it, which is asked over its control socket; without one the database is opened.
            """,
        subcommands: [
            JobsListCommand.self, JobsShowCommand.self, JobsRetryCommand.self, JobsCancelCommand.self,
            JobsPauseCommand.self, JobsResumeCommand.self, JobsDrainCommand.self,
        ])
}
