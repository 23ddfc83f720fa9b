import ArgumentParser
import LiveTalk

extension TransferFormat: ExpressibleByArgument {}

/// `livetalk export FILE`: writes all comments as text.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all comments as NDJSON or CSV, also while they are served.")

    @OptionGroup var options: DatabaseOptions

    @Option(help: "ndjson or csv; the file's name tells it otherwise.")
    var format: TransferFormat?

    @Flag(help: "Go on after the last whole record of the file.")
    var resume = false

    @Argument(help: "The file to write, or - for standard output.")
    var file = "-"

    func run() throws {
        let care = try options.care()
        let line = ProgressLine("export")
        let format = format ?? TransferFormat(path: file) ?? .ndjson
        try care.export(to: file, as: format, continuing: resume) { line.show($0, of: $1) }
    }
}
