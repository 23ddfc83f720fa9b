import Foundation
import Testing

@Suite("What the documentation names")
struct ReferenceTests {
    @Test("are targets of the Makefile")
    func targets() throws {
        let makefile = try String(contentsOf: Document.root.appending(path: "Makefile"), encoding: .utf8)
        let targets = Set(makefile.matches(of: /(?m)^([a-z-]+):(?!=)/).map { String($0.1) })
        for document in try Document.all() {
            let code = document.codeSpans + document.blocks(of: "sh").map(\.text)
            for name in code.flatMap({ $0.matches(of: /\bmake ([a-z-]+)/).map { String($0.1) } }) {
                #expect(targets.contains(name), "\(document.path): make \(name)")
            }
        }
    }

    @Test("are phony, all targets of the Makefile, and no others")
    func phony() throws {
        let makefile = try String(contentsOf: Document.root.appending(path: "Makefile"), encoding: .utf8)
            .replacing("\\\n", with: " ")
        let targets = Set(
            makefile.matches(of: /(?m)^([a-z][a-z -]*):(?!=)/).flatMap { $0.1.split(separator: " ") })
        let phony = makefile.firstMatch(of: /(?m)^\.PHONY:(.*)$/).map {
            Set($0.1.split(whereSeparator: \.isWhitespace))
        }
        #expect(phony == targets)
    }

    @Test("are files of the repository")
    func files() throws {
        for document in try Document.all() {
            let folder = URL(filePath: document.path).deletingLastPathComponent().relativePath
            for link in document.text.matches(of: /\]\(([^)#:]+)\)/).map({ String($0.1) }) {
                let path = Document.root.appending(path: folder).appending(path: link).standardized.path
                #expect(FileManager.default.fileExists(atPath: path), "\(document.path) links to \(link)")
            }
            let code = document.codeSpans + document.blocks(of: "sh").map(\.text)
            let names = code.flatMap {
                $0.matches(of: /(?:^|[ `])((?:Sources|Tests|Docs|Examples|config)\/[A-Za-z0-9_+.\/-]*)/).map {
                    String($0.1)
                }
            }
            for name in names {
                let path = Document.root.appending(path: name).path
                #expect(FileManager.default.fileExists(atPath: path), "\(document.path) names \(name)")
            }
        }
    }

    @Test("are all modules and their folders, where Architecture has the rooms")
    func rooms() throws {
        let architecture = try Document("Docs/Architecture.md")
        let rooms = architecture.blocks(of: "text").filter { $0.section.hasPrefix("The rooms") }.map(\.text)
        let table = try #require(rooms.first)
        let paths = try Document.files(under: "Sources", suffix: ".swift").map { $0.split(separator: "/") }
        let modules = Set(paths.map { String($0[1]) })
        #expect(modules.count > 10)
        for module in modules {
            #expect(table.split(separator: "\n").contains { $0.hasPrefix("\(module) ") }, "\(module)")
        }
        // Crane's floors have a text of their own; LiveTalk's folders stand in its line.
        let folders = Set(
            paths.filter { ["Crane", "LiveTalk"].contains($0[1]) && $0.count > 3 }.map { String($0[2]) })
        for folder in folders { #expect(rooms.contains { $0.contains("\(folder)/") }, "\(folder)") }
    }

    @Test(
        "are names of the sources where these texts have them as code",
        arguments: ["Docs/Glossary.md", "Docs/Features.md"])
    func names(_ path: String) throws {
        let sources = try Document.files(under: "Sources", suffix: ".swift").map {
            try String(contentsOf: Document.root.appending(path: $0), encoding: .utf8)
        }
        // Of FastAPI's names, which a table has in front of its last column, nothing is said.
        let text = try Document(path).text.split(separator: "\n").map { line in
            path.hasSuffix("Features.md") ? line.split(separator: " | ").last ?? line : line
        }.joined(separator: "\n")
        let names = text.matches(of: /`([A-Za-z]+(?:\.[a-z][A-Za-z]+)?)`/).map { $0.1 }
        #expect(names.count > 5)
        for name in names.flatMap({ $0.split(separator: ".") }) {
            #expect(sources.contains { $0.contains(name) }, "\(path) has \(name)")
        }
    }

    @Test("are subcommands and flags of livetalk")
    func flags() async throws {
        let executable = Compiler.products.appending(path: "livetalk")
        var helps: [String: String] = [:]
        for document in try Document.all() {
            let code = document.codeSpans + document.blocks(of: "sh").map(\.text)
            let lines = code.flatMap { $0.replacing("\\\n", with: " ").split(separator: "\n") }
            for line in lines {
                for match in line.matches(of: /(?:^|[ \/])livetalk ((?:[a-z]+ ?)*)([^|&;#]*)/) {
                    let words = match.1.split(separator: " ").map(String.init)
                    guard let first = words.first, !first.isEmpty else { continue }
                    let key = words.prefix(["user", "jobs"].contains(first) ? 2 : 1).joined(separator: " ")
                    if helps[key] == nil {
                        helps[key] = try await help(executable, key.split(separator: " ").map(String.init))
                    }
                    let help = helps[key] ?? ""
                    #expect(help.contains("USAGE: livetalk \(key)"), "\(document.path): livetalk \(key)")
                    for flag in match.2.matches(of: /(?:^|[ \[])(--[a-z-]+)/).map({ String($0.1) }) {
                        #expect(help.contains(flag), "\(document.path): livetalk \(key) \(flag)")
                    }
                }
            }
        }
        #expect(helps.count > 5)
    }

    private func help(_ executable: URL, _ words: [String]) async throws -> String {
        try await Command(executable: executable, arguments: words + ["--help"]).run().text
    }

    @Test("is run by the systemd test where it says so")
    func systemd() throws {
        let scripts = try Document.files(under: "Tests/Systemd", suffix: ".sh").map {
            try String(contentsOf: Document.root.appending(path: $0), encoding: .utf8)
        }
        for command in Unrun.all {
            guard case .systemd(let line) = command.reason else { continue }
            #expect(scripts.contains { $0.contains(line) }, "no script has: \(line)")
        }
    }
}
