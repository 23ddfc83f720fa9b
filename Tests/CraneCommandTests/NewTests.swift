import Foundation
import TestSupport
import Testing

@testable import CraneCommand

@Suite("crane new", .ownThreads)
struct NewTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test("makes a package under its own name in every place, which finds Crane by a path")
    func package() throws {
        let folder = try TemporaryFolder()
        let outcome = try CraneProcess.run(["new", "bookShelf", "--path", root], in: folder.url)
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(outcome.text.contains("swift run BookShelf"))
        let package = folder.url.appending(path: "bookShelf")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: package.path)
        #expect(
            Set(paths).isSuperset(of: [
                "Package.swift", "Sources/BookShelf/BookShelf.swift", "Sources/BookShelf/main.swift",
                "Tests/BookShelfTests/GreetingTests.swift", "Dockerfile", ".dockerignore", ".gitignore",
                ".env.example",
                ".github/workflows/ci.yml", "bookshelf.service", "README.md",
            ]))
        for path in paths {
            #expect(!path.lowercased().contains("starter"))
            guard let text = try? String(contentsOf: package.appending(path: path), encoding: .utf8) else {
                continue
            }
            #expect(!text.lowercased().contains("starter"), "\(path)")
        }
        let manifest = try String(contentsOf: package.appending(path: "Package.swift"), encoding: .utf8)
        let path = try #require(manifest.firstMatch(of: /\.package\(name: "livetalk", path: "([^"]+)"\)/)).1
        let found = path.hasPrefix("/") ? URL(filePath: String(path)) : package.appending(path: String(path))
        #expect(found.standardizedFileURL.path == root)
        let container = try String(contentsOf: package.appending(path: "Dockerfile"), encoding: .utf8)
        #expect(container.contains("--build-context crane=\(path) -t bookshelf ."))
        #expect(container.contains("COPY --from=crane Sources \(path)/Sources\n"))
    }

    @Test("refuses a folder that is there, and touches nothing of it")
    func existing() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "Shelf/Package.swift")
        let outcome = try CraneProcess.run(["new", "Shelf", "--path", root], in: folder.url)
        #expect(outcome.status == 1)
        #expect(outcome.text == "Error: Shelf is there already\n")
        let kept = try FileManager.default.subpathsOfDirectory(
            atPath: folder.url.appending(path: "Shelf").path)
        #expect(kept == ["Package.swift"])
    }

    @Test(
        "refuses what is no name of a module, or another's",
        arguments: [
            "my-app", "1st", "a b", "", "../up", "Crane", "settings", "É", String(repeating: "a", count: 65),
        ])
    func names(_ name: String) throws {
        let mistake = try #require(StarterName.mistake(in: name))
        let folder = try TemporaryFolder()
        let outcome = try CraneProcess.run(["new", "--path", root, "--", name], in: folder.url)
        #expect(outcome.status == 64)
        #expect(outcome.text.hasPrefix("Error: \(mistake)\n"), "\(outcome.text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    @Test("takes a repository from a version on, or a branch of it")
    func urls() throws {
        let version = try CraneDependency(
            url: "https://example.com/swift/Crane.git", from: "1.2.0", branch: "main")
        #expect(version.expression == #".package(url: "https://example.com/swift/Crane.git", from: "1.2.0")"#)
        #expect(version.identity == "crane")
        let package = StarterPackage(
            name: StarterName("Shelf"),
            dependency: try CraneDependency(url: "git@example.com:swift/crane", from: nil, branch: "next"))
        let texts = Dictionary(uniqueKeysWithValues: package.files)
        let manifest = try #require(texts["Package.swift"])
        #expect(manifest.contains(#"[.package(url: "git@example.com:swift/crane", branch: "next")]"#))
        #expect(manifest.contains(#".product(name: "CraneTesting", package: "crane")"#))
        #expect(!manifest.contains("livetalk"))
        #expect(texts["Dockerfile"]?.contains("--from=crane") == false)
        #expect(texts[".github/workflows/ci.yml"]?.hasPrefix("# Builds and tests") == true)
    }

    @Test(
        "says what is wrong with where Crane is",
        arguments: [
            (["--path", "/nowhere"], "/nowhere: there is no Crane in this folder"),
            (["--url", "crane"], #""crane" is no URL of a repository"#),
            (["--url", "https://example.com/crane", "--from", "one"], #""one" is no version such as 1.0.0"#),
            (["--url", "https://example.com/crane", "--path", "."], "give --path or --url"),
            (["--branch", "main"], "--from and --branch go with --url"),
        ])
    func places(_ arguments: [String], _ mistake: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try CraneProcess.run(["new", "Shelf"] + arguments, in: folder.url)
        #expect(outcome.status != 0)
        #expect(outcome.text.hasPrefix("Error: \(mistake)\n"), "\(outcome.text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }
}
