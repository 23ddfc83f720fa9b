import Foundation
import Testing

/// `make example` builds such a package with SwiftPM and runs its tests.
@Suite("A package that crane new has made")
struct NewPackageTests {
    @Test(
        "is compiled without a warning, starts with the settings of its sample, and answers as its README shows",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"))
    func starter() async throws {
        let folder = try TemporaryFolder()
        let crane = Compiler.products.appending(path: "crane")
        let outcome = try await Command(
            executable: crane, arguments: ["new", "Bookmarks", "--path", Document.root.path],
            folder: folder.url
        ).run()
        try #require(outcome.status == 0, "\(outcome.text)")
        let package = folder.url.appending(path: "Bookmarks")
        let sources = try FileManager.default.contentsOfDirectory(
            at: package.appending(path: "Sources/Bookmarks"), includingPropertiesForKeys: nil)
        #expect(sources.count == 3)
        let program = try await Compiler(folder: folder.url).executable(sources)
        // Each setting of the sample is one of the service's, and its value may be read.
        let sample = try String(contentsOf: package.appending(path: ".env.example"), encoding: .utf8)
        let settings = sample.replacing("\n#BOOKMARKS", with: "\nBOOKMARKS")
        #expect(settings.matches(of: /\nBOOKMARKS_/).count > 5)
        try settings.write(to: folder.url.appending(path: ".env"), atomically: true, encoding: .utf8)
        let server = try await RunningProgram.start(program, ["--port", "0"], in: folder.url)
        let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
        let steps = readme.matches(of: /```sh\n((?s).*?)```/).flatMap { ShellStep.steps(of: String($0.1)) }
            .filter { $0.command.hasPrefix("curl") }
        #expect(steps.count == 1)
        for step in steps {
            try await step.run(in: folder.url, replacing: [("127.0.0.1:8000", "127.0.0.1:\(server.port)")])
        }
        let named = readme.matches(of: /\n\| `([^`]+)`/).map { String($0.1) }
        #expect(named.count > 5)
        for name in named {
            #expect(FileManager.default.fileExists(atPath: package.appending(path: name).path), "\(name)")
        }
    }
}
