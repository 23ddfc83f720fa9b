import ArgumentParser
import CraneService
import Foundation

/// `crane new NAME`: a package with a service, its tests, and what it takes to run it.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a package: a service with tests, a Dockerfile, a unit of systemd, settings and CI.",
        discussion: """
            The package is made in a new folder of that name, which must not be there yet. It depends on Crane by --path or by --url; \
            without either, on the checkout that this crane was built in.
            """)

    @Argument(help: "The package's name, such as Bookmarks: letters, digits and underscores.")
    var name: String

    @Option(help: "The folder of a checkout of Crane.")
    var path: String?

    @Option(help: "The URL of Crane's repository.")
    var url: String?

    @Option(help: "The first version of the repository that will do, such as 1.0.0.")
    var from: String?

    @Option(help: "The branch of the repository; main without --from.")
    var branch: String?

    func validate() throws {
        if path != nil, url != nil { throw ValidationError("give --path or --url") }
        if from != nil, branch != nil { throw ValidationError("give --from or --branch") }
        if url == nil, from != nil || branch != nil {
            throw ValidationError("--from and --branch go with --url")
        }
        if let mistake = StarterName.mistake(in: name) { throw ValidationError(mistake) }
    }

    func run() throws {
        let name = StarterName(name)
        let folder = URL(filePath: name.folder, directoryHint: .isDirectory)
        let package = StarterPackage(name: name, dependency: try dependency(of: folder))
        try package.write(to: folder)
        try StandardStreams.write(
            """
            \(name.folder)/ is made. Next:

                cd \(name.folder)
                swift run \(name.module)    # http://127.0.0.1:8000, after a first build of some minutes
                swift test
            """)
    }

    private func dependency(of folder: URL) throws -> CraneDependency {
        if let url { return try CraneDependency(url: url, from: from, branch: branch ?? "main") }
        if let path { return try CraneDependency(checkout: URL(filePath: path), for: folder) }
        guard let checkout = CraneDependency.ownCheckout else {
            throw StartError("say where Crane is: --path FOLDER or --url URL")
        }
        return try CraneDependency(checkout: checkout, for: folder)
    }
}
