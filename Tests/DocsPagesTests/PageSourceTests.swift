import Foundation
import TestSupport
import Testing

@testable import Crane

/// The files that are embedded.
enum PageFiles {
    static let all: [String] = {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    }()
    static let scripts = all.filter { $0.hasSuffix(".js") }
    static let styles = all.filter { $0.hasSuffix(".css") }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Crane/OpenAPI/Pages").standardized

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// The program node, if it is installed.
    static let node = ["/usr/bin/node", "/usr/local/bin/node"].first(
        where: FileManager.default.isExecutableFile)
}

@Suite("The scripts and styles of the documentation pages", .ownThreads)
struct PageSourceTests {
    @Test("are all there, and nothing else is embedded")
    func files() {
        #expect(PageFiles.scripts.count == 9 && PageFiles.styles.count == 4)
        #expect(PageFiles.all.count == 13, "\(PageFiles.all)")
    }

    @Test("can be read as scripts", arguments: PageFiles.scripts)
    func readableScript(_ name: String) throws {
        #expect(PageSource(try PageFiles.text(name), .script).mistakes == [])
    }

    @Test("can be read as styles: rules of a selector and declarations", arguments: PageFiles.styles)
    func readableStyle(_ name: String) throws {
        let source = PageSource(try PageFiles.text(name), .style)
        #expect(source.mistakes == [])
        let rules = source.code.matches(of: #/([^{}]*)\{([^{}]*)\}/#)
        #expect(!rules.isEmpty)
        for rule in rules {
            #expect(!rule.1.trimmed.isEmpty, "a rule without a selector: \(rule.0)")
            for declaration in rule.2.split(separator: ";") where !declaration.trimmed.isEmpty {
                let isRead = declaration.trimmed.firstMatch(of: #/^(--)?[a-z][a-z-]*:\s*\S/#) != nil
                #expect(isRead, "\(declaration)")
            }
            #expect(rule.2.trimmed.isEmpty || rule.2.trimmed.hasSuffix(";"), "no ; at the end of: \(rule.0)")
        }
    }

    @Test("use no custom property that is not declared, nor declare one that nobody uses")
    func customProperties() throws {
        let all = try PageFiles.all.map(PageFiles.text).joined()
        let declared = Set(all.matches(of: #/(--[a-z]+):/#).map { String($0.1) })
        let used = Set(all.matches(of: #/var\((--[a-z]+)\)/#).map { String($0.1) })
        #expect(declared == used.union(declared.filter { all.contains($0 + "\"") }))
        #expect(used.isSubset(of: declared))
    }

    @Test("keep to the style", arguments: PageFiles.scripts + PageFiles.styles)
    func style(_ name: String) throws {
        let text = try PageFiles.text(name)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(text.hasPrefix("//") || text.hasPrefix("/*"), "says first what it is for")
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(name), line \(number + 1)"
            #expect(line.count <= 120, "\(place) is too long")
            #expect(!line.contains("\t") && line.last != " ", "\(place) has a tab, or a blank at its end")
        }
        guard name.hasSuffix(".js") else { return }
        let code = PageSource(text, .script).code
        let banned = [
            #/\bvar\b/#, #/[^=!]==[^=]/#, #/!=[^=]/#, #/\bconsole\b/#, #/\bdebugger\b/#, #/\balert\(/#,
        ]
        for pattern in banned { #expect(code.firstMatch(of: pattern) == nil, "\(name)") }
    }

    @Test(
        "node takes each script of a page",
        .enabled(if: PageFiles.node != nil, "where it is installed"),
        arguments: [DocsPages.interactiveScript, DocsPages.readingScript, DocsPages.redirectScript])
    func program(_ script: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".mjs")
        defer { try? FileManager.default.removeItem(at: file) }
        try script.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: try #require(PageFiles.node))
        process.arguments = ["--check", file.path]
        try process.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(
        "the reader sees what is wrong",
        arguments: [
            ("f(1;\n", "( is not closed"), ("f(1];\n", "] closes ("), ("}\n", "} closes nothing"),
            ("const a = \"x\n\";", "the text has no end"), ("`a${1 + `b`", "` is not closed"),
            ("const a = `x", "the template has no end"), ("a = /[/;\n", "the pattern has no end"),
            ("/* x", "the comment has no end"), ("`${ {a: 1 }`", "the template has no end"),
        ])
    func mistakes(_ script: String, _ reason: String) {
        #expect(PageSource(script, .script).mistakes.contains { $0.reason == reason })
    }

    @Test(
        "the reader takes what is right",
        arguments: [
            "a = b / c / d;", "a = /[/\"]/.test(b) / 2;", "`a${`b${c}` + \"}\"}d`", "// \"\n/* ' */ 1;",
            "return /\\//.test(x);", "f(/\\(/g, \"(\", '\\'')", "a[0] / 2 + (b) / 3",
        ])
    func noMistakes(_ script: String) {
        #expect(PageSource(script, .script).mistakes == [])
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self).trimmingCharacters(in: .whitespacesAndNewlines) }
}
