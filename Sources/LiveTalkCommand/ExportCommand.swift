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

    @Flag(help: "Write the file anew when it is there already; it stays until the new one is whole.")
    var replace = false

    @Argument(help: "The file to write, or - for standard output.")
    var file = "-"

    func validate() throws {
        if resume, replace { throw ValidationError("--resume continues the file that --replace replaces") }
    }

    func run() throws {
        let care = try options.care()
        let line = ProgressLine("export")
        let format = format ?? TransferFormat(path: file) ?? .ndjson
        try care.export(to: file, as: format, continuing: resume, replacing: replace) {
            line.show($0, of: $1)
        }
    }
}
