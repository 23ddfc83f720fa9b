import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk copy`: takes an SQLite file over into a PostgreSQL.
struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Take an SQLite file over into an empty PostgreSQL; the service must be stopped.",
        discussion: """
            Comments and talks keep their ids, times, votes and keys, users their passwords and tokens, the feed its numbers, and jobs \
            go on. Start an interrupted copy again: it goes on. The file stays as it is. A password is better in PGPASSFILE than in the \
            arguments.
            """)

    @Option(help: "The SQLite file, such as sqlite:///comments.db.")
    var from: String

    @Option(
        help: "The PostgreSQL, such as postgresql://livetalk@db.example/livetalk; DATABASE_URL otherwise.")
    var to: String?

    @Flag(help: "Leave Celery's tasks that wait in the embedded broker in the file: a copy takes none along.")
    var withoutTasks = false

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    func run() throws {
        guard let source = DatabaseURL(from) else {
            throw ValidationError("--from is a file, such as sqlite:///comments.db")
        }
        let copy = try DatabaseCopy(from: source, to: target())
        let line = ProgressLine("copy")
        let outcome = try copy.run(leavingTasks: withoutTasks) { line.show($0, of: $1) }
        try StandardStreams.write(
            "\(outcome.comments) comments, \(outcome.talks) talks, \(outcome.users) users and \(outcome.jobs) jobs are there"
        )
    }

    private func target() throws -> DatabaseURL {
        guard let to else { return try DatabaseOptions.settings(databaseURL: nil, file: envFile).databaseURL }
        guard let url = DatabaseURL(to) else {
            throw ValidationError("--to is a PostgreSQL, such as postgresql://livetalk@db.example/livetalk")
        }
        return url
    }
}
