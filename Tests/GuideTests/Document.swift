import Foundation

/// One of the repository's texts, with the code that it shows.
struct Document {
    struct Block {
        let language: String
        let text: String
        /// The heading above it.
        let section: String
    }

    /// Its path in the repository.
    let path: String
    let text: String

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// Every text at the root and of Docs, and those beside the examples and the tests.
    static func all() throws -> [Document] {
        let top = try FileManager.default.contentsOfDirectory(atPath: root.path).filter {
            $0.hasSuffix(".md")
        }
        let below =
            try files(under: "Docs", suffix: ".md") + files(under: "Examples", suffix: ".md")
            + files(under: "Tests", suffix: "README.md")
        return try (top.sorted() + below).map { try Document($0) }
    }

    /// The paths of files that git may know, sorted.
    static func files(under folder: String, suffix: String) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        return paths.filter { path in
            path.hasSuffix(suffix) && !path.split(separator: "/").contains { $0.hasPrefix(".") }
        }.map { "\(folder)/\($0)" }.sorted()
    }

    /// The fenced blocks, in order.
    var blocks: [Block] {
        var blocks: [Block] = []
        var section = ""
        var open: (language: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    let text = block.lines.joined(separator: "\n")
                    blocks.append(Block(language: block.language, text: text, section: section))
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), [])
                }
            } else if open != nil {
                open?.lines.append(line)
            } else if line.hasPrefix("#") {
                section = String(line.drop { $0 == "#" || $0 == " " })
            }
        }
        return blocks
    }

    func blocks(of language: String) -> [Block] { blocks.filter { $0.language == language } }

    /// What stands between backticks outside of the blocks.
    var codeSpans: [String] {
        text.replacing(/```(?s).*?```/, with: "").matches(of: /`([^`\n]+)`/).map { String($0.1) }
    }
}
