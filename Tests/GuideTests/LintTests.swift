import Foundation
import Testing

@Suite("The count of unsafe lines")
struct LintTests {
    private let code = """
        // Why it may be.
        unsafe first()
        let it = (unsafe second())

        nonisolated(unsafe) var third = 3  // @unsafe and unsafe text
        @unsafe func fourth() {}
        """

    /// What the script says of a module with this code, and whether it fails.
    private func lint(_ code: String, _ allowed: String) async throws -> Command.Outcome {
        let folder = try TemporaryFolder()
        let module = folder.url.appending(path: "Sources/Room")
        try FileManager.default.createDirectory(at: module, withIntermediateDirectories: true)
        try code.write(to: module.appending(path: "Code.swift"), atomically: true, encoding: .utf8)
        try allowed.write(
            to: folder.url.appending(path: "unsafe.txt"), atomically: true, encoding: .utf8)
        return try await Command(
            executable: Document.root.appending(path: "Tests/Lint/unsafe.sh"),
            arguments: ["--root", folder.url.path]
        ).run()
    }

    @Test("passes in silence at its number")
    func same() async throws {
        let outcome = try await lint(code, "# A comment.\nRoom 2\n")
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.text)")
    }

    @Test("fails above its number, and in a module that has none", arguments: ["Room 1\n", ""])
    func growth(_ allowed: String) async throws {
        let outcome = try await lint(code, allowed)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("Room has 2 lines of unsafe code"))
    }

    @Test("tells of a number that can be lowered")
    func lower() async throws {
        let outcome = try await lint(code, "Room 3\n")
        #expect(outcome.status == 0 && outcome.text.contains("lower its 3"), "\(outcome.text)")
    }

    @Test("fails without a reason above, but in a module that needs none")
    func reasons() async throws {
        let bare = "let one = 1\nunsafe first()\n"
        let outcome = try await lint(bare, "Room 1\n")
        #expect(outcome.status == 1 && outcome.text.contains("Sources/Room/Code.swift:2: unsafe without"))
        #expect(try await lint(bare, "Room 1 *\n").status == 0)
        #expect(try await lint("// Why.\n\nunsafe first()\n", "Room 1\n").status == 1)
    }

    @Test("fails for a module that is no more")
    func gone() async throws {
        #expect(try await lint(code, "Room 2\nHall 1\n").status == 1)
    }
}

@Suite("The circles of files")
struct CycleTests {
    /// What the script says of a module of eleven files, each of which names the next, and the last what `end` says.
    private func lint(_ end: String) async throws -> Command.Outcome {
        let folder = try TemporaryFolder()
        let module = folder.url.appending(path: "Sources/Room")
        try FileManager.default.createDirectory(at: module, withIntermediateDirectories: true)
        for number in 0..<11 {
            let next = number < 10 ? "let next: Link\(number + 1)?" : end
            try "struct Link\(number) {\n    \(next)\n}\n"
                .write(
                    to: module.appending(path: "Link\(number).swift"), atomically: true, encoding: .utf8)
        }
        return try await Command(
            executable: Document.root.appending(path: "Tests/Lint/cycles.py"),
            arguments: ["--root", folder.url.path]
        ).run()
    }

    @Test("fail where one is of more than ten files")
    func large() async throws {
        let outcome = try await lint("static let first: [Link0] = []")
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("Room: a circle of 11 files"), "\(outcome.text)")
    }

    @Test("pass where one is smaller, or closed by a comment or a text only")
    func small() async throws {
        for end in ["static let second: [Link1] = []", "// Link0", "let text = \"Link0\"", "/* Link0 */"] {
            let outcome = try await lint(end)
            #expect(outcome.status == 0 && outcome.text.isEmpty, "\(end): \(outcome.text)")
        }
        #expect(try await lint("let text = \"\\(Link0.self)\"").status == 1)
    }
}
