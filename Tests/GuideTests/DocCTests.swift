import Foundation
import Testing

@Suite("The reference")
struct DocCTests {
    @Test(
        "is built by DocC without a warning, with every chapter of the guide",
        .enabled(if: Compiler.hasModules))
    func reference() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Command(
            executable: URL(filePath: "/usr/bin/env"),
            arguments: [
                "python3", Document.root.appending(path: "Docs/reference.py").path,
                "--modules", Compiler.products.appending(path: "Modules").path, "--output", folder.url.path,
            ]
        ).run()
        try #require(outcome.status == 0, "\(outcome.text)")
        let site = folder.url.appending(path: "site/documentation")
        func isThere(_ page: String) -> Bool {
            FileManager.default.fileExists(atPath: site.appending(path: "\(page)/index.html").path)
        }
        for module in [
            "crane", "cranehttp", "craneschema", "craneserver", "craneservice", "cranesqlite",
            "cranetemplates", "cranetesting",
        ] {
            #expect(isThere(module), "\(module)")
        }
        let chapters = try FileManager.default.contentsOfDirectory(
            atPath: Document.root.appending(path: "Docs/Guide").path)
        for chapter in chapters where chapter != "README.md" {
            let page = "crane/guide-\(chapter.dropLast(3).lowercased())"
            #expect(isThere(page), "\(page)")
        }
        #expect(isThere("crane/guide") && isThere("crane/app"))
    }
}
