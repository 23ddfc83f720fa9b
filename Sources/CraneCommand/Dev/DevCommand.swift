import ArgumentParser
import CraneService
import Foundation

/// `crane dev`: builds a program and starts it, again at every change of its sources.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Run a program of a package, and build and start it anew whenever a source changes.",
        discussion: """
            A line tells of each change. What does not compile is shown here, and at the program's address as a page with the status \
            503, until it compiles again. Ctrl-C ends the program too.
            """)

    @Argument(help: "The executable; the package's own where it has one.")
    var product: String?

    @Argument(
        parsing: .postTerminator, help: "What the program is started with, behind --.")
    var arguments: [String] = []

    @Option(help: "The package's folder.")
    var packagePath = "."

    @Option(help: "Where the build is kept; .build of the package without it.")
    var scratchPath: String?

    func run() async throws {
        ServiceProcess.prepare()
        let builder = PackageBuilder(
            package: URL(filePath: packagePath, directoryHint: .isDirectory),
            scratch: scratchPath.map { URL(filePath: $0, directoryHint: .isDirectory) }, product: product)
        try await DevSession(builder: builder, arguments: arguments).run()
    }
}
