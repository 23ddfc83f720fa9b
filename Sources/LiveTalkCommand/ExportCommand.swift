import ArgumentParser
import LiveTalk

extension TransferFormat: ExpressibleByArgument {}

/// `livetalk export FILE`: writes all comments as text.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all comments as NDJSON or CSV, also while they are served.",
        discussion: """
            Those that everybody sees, as the API answers them; with --full or of one talk also those that wait or are hidden, with \
            votes, stages, pins and answers. import takes both.
            """)

    @OptionGroup var options: DatabaseOptions

    @Option(help: "ndjson or csv; the file's name tells it otherwise.")
    var format: TransferFormat?

    @Option(help: "The slug of a talk, or a talk_id: its comments alone, and all that is kept of them.")
    var talk: String?

    @Flag(help: "What waits or is hidden too, with votes, stages, pins and answers.")
    var full = false

    @Flag(help: "Go on after the last whole record of the file.")
    var resume = false

    @Flag(help: "Write the file anew when it is there already; it stays until the new one is whole.")
    var replace = false

    @Argument(help: "The file to write, or - for standard output.")
    var file = "-"

    func validate() throws {
        if resume, replace { throw ValidationError("--resume continues the file that --replace replaces") }
    }

    func run() throws {
        let care = DatabaseTransfer(try options.settings())
        let line = ProgressLine("export")
        let format = format ?? TransferFormat(path: file) ?? .ndjson
        let scope = full || talk != nil ? ExportScope.full(talk: talk) : .shown
        try care.export(scope, to: file, as: format, continuing: resume, replacing: replace) {
            line.show($0, of: $1)
        }
    }
}
