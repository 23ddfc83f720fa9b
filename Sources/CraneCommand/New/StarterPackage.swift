import CraneService
import Foundation

/// A new package: the files of `Template`, which are a whole package too, under its name.
struct StarterPackage {
    let name: StarterName
    let dependency: CraneDependency

    /// Every file by its path in the package.
    var files: [(path: String, text: String)] {
        [
            ("Package.swift", manifest),
            ("Sources/Starter/Starter.swift", text(PackageResources.Starter_swift)),
            ("Sources/Starter/GreetingRoutes.swift", text(PackageResources.GreetingRoutes_swift)),
            ("Sources/Starter/main.swift", text(PackageResources.main_swift)),
            ("Tests/StarterTests/GreetingTests.swift", text(PackageResources.GreetingTests_swift)),
            ("README.md", text(PackageResources.README_md)),
            (".env.example", text(PackageResources.env_example)),
            (".gitignore", text(PackageResources.gitignore)),
            (".dockerignore", text(PackageResources.dockerignore)),
            ("Dockerfile", dockerfile),
            (".github/workflows/ci.yml", workflow),
            ("starter.service", text(PackageResources.starter_service)),
        ].map { (named($0), $1) }
    }

    /// Makes the folder, which must not be there, and all files in it.
    func write(to folder: URL) throws {
        let files = FileManager.default
        do {
            // mkdir(2) fails where there is anything of that name.
            try files.createDirectory(at: folder, withIntermediateDirectories: false)
        } catch CocoaError.fileWriteFileExists {
            throw StartError("\(folder.relativePath) is there already")
        } catch {
            throw StartError("\(folder.relativePath) cannot be made: \(error.localizedDescription)")
        }
        for (path, text) in self.files {
            let file = folder.appending(path: path)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
    }

    private func text(_ bytes: [UInt8]) -> String { named(String(decoding: bytes, as: UTF8.self)) }

    private func named(_ text: String) -> String {
        text.replacing("STARTER", with: name.prefix).replacing("Starter", with: name.module)
            .replacing("starter", with: name.program)
    }

    private var manifest: String {
        text(PackageResources.Package_swift)
            .replacing(#".package(name: "livetalk", path: "../livetalk")"#, with: dependency.expression)
            .replacing(#"package: "livetalk""#, with: #"package: "\#(dependency.identity)""#)
    }

    /// A path leads out of the folder that a container is built from, so the checkout is a context of its own.
    private var dockerfile: String {
        let text = text(PackageResources.Dockerfile)
        guard let path = dependency.path else { return text }
        return text.replacing(
            "docker build -t", with: "docker build --build-context crane=\(path) -t"
        ).replacing(
            "COPY . .\n",
            with:
                "COPY . .\nCOPY --from=crane Package.swift \(path)/\nCOPY --from=crane Sources \(path)/Sources\nCOPY --from=crane Tests \(path)/Tests\n"
        )
    }

    private var workflow: String {
        let text = text(PackageResources.ci_yml)
        guard let path = dependency.path else { return text }
        return
            "# Crane comes from \(path), which is no part of this repository: check it out there too, or depend on its URL.\n"
            + text
    }
}
