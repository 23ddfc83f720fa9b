import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk import FILE`: takes over comments with their ids and times.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over comments with their ids and times; a service on SQLite must be stopped.",
        discussion: """
            Reads NDJSON or CSV as export writes them, or an SQLite file with a table comment, such as the one of the \
            FastAPI application. Comments that are there already are passed over: start an interrupted import again.
            """)

    @OptionGroup var options: DatabaseOptions

    @Option(help: "ndjson or csv; the file's name tells it otherwise.")
    var format: TransferFormat?

    @Argument(help: "The file to read, or - for standard input.")
    var file: String

    func run() throws {
        let care = DatabaseTransfer(try options.settings())
        let line = ProgressLine("import")
        let outcome = try care.importComments(from: file, as: format) { line.show($0, of: $1) }
        if outcome.hasUnsafeIDs {
            StandardStreams.writeError(
                "livetalk: warning: JavaScript rounds ids above \(ImportOutcome.highestSafeID): those of some imported "
                    + "comments, and of all to come\n")
        }
        try StandardStreams.write("\(outcome.added) comments added, \(outcome.known) were there already")
    }
}
