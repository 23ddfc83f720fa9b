import Foundation
import Testing

@Suite("The documentation's code")
struct ExampleTests {
    /// The text whose examples must not compile.
    static let mistakes = "Docs/Guide/CompileErrors.md"

    /// The Swift files that are compiled, by the package or by the tests of programs, without what documents them.
    private static func compiled() throws -> [String] {
        let files = try ["Tests", "Sources", "Examples"].flatMap {
            try Document.files(under: $0, suffix: ".swift")
        }
        return try files.map { file in
            let text = try String(contentsOf: Document.root.appending(path: file), encoding: .utf8)
            let lines = text.utf8.split(separator: UInt8(ascii: "\n")).filter { line in
                !line.drop { $0 == UInt8(ascii: " ") }.starts(with: "///".utf8)
            }
            return dense(lines.joined())
        }
    }

    /// The text without its blanks, which the style may set otherwise in a table or at another depth.
    private static func dense(_ text: some Sequence<UInt8>) -> String {
        String(decoding: text.filter { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }

    @Test("stands in files that are compiled")
    func blocks() throws {
        let compiled = try Self.compiled()
        for document in try Document.all() where document.path != Self.mistakes {
            for block in document.blocks(of: "swift") {
                let text = Self.dense(block.text.utf8)
                #expect(compiled.contains { $0.contains(text) }, "\(document.path) shows:\n\(block.text)")
            }
        }
    }

    @Test("stands in files that are compiled where a table has it")
    func tables() throws {
        let compiled = try Self.compiled()
        let document = try Document("Docs/FastAPI.md")
        let rows = document.text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count > 20)
        for row in rows {
            let cell = (row.split(separator: " | ").last ?? "").replacing("`<br>`", with: "\n")
            for span in cell.matches(of: /`([^`]+)`/).map(\.1) where !span.hasPrefix("config/") {
                // What a table leaves out is an ellipsis.
                for part in Self.dense(span.utf8).split(separator: /\.\.\.(?![0-9])/) {
                    #expect(compiled.contains { $0.contains(part) }, "\(document.path) shows: \(span)")
                }
            }
        }
    }

    @Test("is of a kind that is tested")
    func kinds() throws {
        for document in try Document.all() {
            for block in document.blocks {
                let known = ["swift", "sh", "console", "ini", "text"]
                #expect(known.contains(block.language), "\(document.path) has a block: \(block.text)")
            }
            let rest = document.text.replacing(/```(?s).*?```/, with: "")
            #expect(!rest.contains(/\n\n {4}\S/), "\(document.path) has a block without a fence")
        }
    }

    @Test(
        "does not compile where it shows a mistake, and gives the message shown",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"))
    func mistakes() async throws {
        let folder = try TemporaryFolder()
        let compiler = Compiler(folder: folder.url)
        let document = try Document(Self.mistakes)
        var snippets: [String] = []
        var preamble: String?
        for block in document.blocks {
            guard let start = preamble else {
                preamble = block.text
                #expect(try await compiler.messages(about: block.text) == [])
                continue
            }
            if block.language == "swift" {
                snippets.append(block.text)
                continue
            }
            #expect(!snippets.isEmpty, "a message without a mistake: \(block.text)")
            for snippet in snippets {
                let messages = try await compiler.messages(about: start + "\n" + snippet)
                for line in block.text.split(separator: "\n") {
                    #expect(
                        messages.contains { ShellStep.matches($0, String(line)) },
                        "\(snippet)\ngives \(messages)")
                }
            }
            snippets = []
        }
        #expect(snippets.isEmpty, "no message is shown for \(snippets)")
    }
}
