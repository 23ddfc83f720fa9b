import Foundation
import Testing

@Suite("The unit of an example, and of a new package")
struct SystemdUnitTests {
    /// The names of the settings of the unit's service, and those with their values that say the same everywhere.
    private static func directives(_ path: String) throws -> Set<Substring> {
        let text = try Document(path).text
        let service = try #require(
            text.split(separator: "[Service]\n").last?.split(separator: "[Install]").first)
        return Set(service.split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("=") })
    }

    @Test(
        "takes from its service what LiveTalk's takes from LiveTalk",
        arguments: [
            "Examples/links/links.service", "Sources/CraneCommand/New/Template/starter.service",
        ])
    func hardening(_ unit: String) throws {
        let own = try Self.directives(unit)
        // What names the service, or is a size that fits it.
        let apart = [
            "EnvironmentFile", "ExecStart", "User", "StateDirectory", "WorkingDirectory", "MemoryMax",
            // Where its commands reach it, which no other service has.
            "RuntimeDirectory", "RuntimeDirectoryMode",
        ].map { $0 + "=" }
        let hardening = try Self.directives("config/livetalk.service").filter { line in
            !apart.contains { line.hasPrefix($0) }
        }
        #expect(hardening.count > 40)
        #expect(hardening.subtracting(own) == [])
    }

    @Test("has what the guide shows of it")
    func guide() throws {
        let own = try Self.directives("Examples/links/links.service")
        let shown = try Document("Docs/Guide/RunningAsAService.md").blocks(of: "ini").flatMap {
            $0.text.split(separator: "\n")
        }
        #expect(!shown.isEmpty)
        #expect(Set(shown).subtracting(own) == [])
    }
}

@Suite("The command line of an example")
struct ExampleCommandTests {
    @Test(
        "lists the routes as the guide shows them, and says what was meant",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"))
    func routes() async throws {
        let folder = try TemporaryFolder()
        let links = try await Compiler(folder: folder.url).executable([
            Document.root.appending(path: "Examples/links/Sources/Links/main.swift")
        ])
        func run(_ words: String...) async throws -> Command.Outcome {
            try await Command(executable: links, arguments: words, folder: folder.url).run()
        }
        let shown = try Document("Docs/Guide/RunningAsAService.md").blocks(of: "text").map { $0.text + "\n" }
        #expect(shown == [try await run("routes").text])
        let mistake = try await run("heath")
        #expect(mistake.status == 64)
        #expect(
            mistake.text == "links: there is no command \"heath\"; did you mean health?; see links --help\n")
    }
}
