import CraneService
import Foundation
import Synchronization

/// Builds one executable of a package by `swift build`.
final class PackageBuilder: Sendable {
    enum Outcome {
        case built(program: URL)
        /// What the compiler, or who reads Package.swift, has to say.
        case failed(String)
    }

    /// What a package has, as SwiftPM describes it.
    struct Contents {
        let executables: [String]
        /// The folders of sources: its own, and those of packages that it has by a path.
        let folders: [URL]
        /// Files beside them of which a change counts.
        let files: [URL]
    }

    let package: URL
    private let scratch: URL?
    private let product: String?
    private let running = Mutex(Running())

    private struct Running {
        var child: ChildProcess?
        var isCancelled = false
    }

    init(package: URL, scratch: URL?, product: String?) {
        self.package = package.standardizedFileURL
        self.scratch = scratch
        self.product = product
    }

    /// Ends the build that runs, and any that is asked for from now on.
    func cancel() {
        running.withLock { running in
            running.isCancelled = true
            running.child?.send(SIGTERM)
        }
    }

    /// Asks SwiftPM what there is; a text says why it cannot tell.
    func contents() async throws -> Result<Contents, BuildFailure> {
        let (status, text) = try await swift("package", ["describe", "--type", "json"])
        // Warnings stand before the document.
        guard status == 0, let start = text.firstRange(of: "{"),
            let description = try? JSONDecoder().decode(
                PackageDescription.self, from: Data(text[start.lowerBound...].utf8))
        else { return .failure(BuildFailure(Diagnostics.shown(text))) }
        let others = description.dependencies.filter { $0.type == "fileSystem" }.compactMap(\.path)
            .map { URL(filePath: $0, directoryHint: .isDirectory) }
        return .success(
            Contents(
                executables: description.executables,
                folders: description.folders.map { package.appending(path: $0) }
                    + others.map { $0.appending(path: "Sources") },
                files: ["Package.swift", ".env"].map { package.appending(path: $0) }
                    + others.map { $0.appending(path: "Package.swift") }))
    }

    /// Which executable is meant.
    func executable(of contents: Contents) throws(StartError) -> String {
        if let product {
            if contents.executables.contains(product) { return product }
            throw StartError(
                "\(package.path) has no executable \(product), but \(contents.executables.joined(separator: ", "))"
            )
        }
        guard let only = contents.executables.first, contents.executables.count == 1 else {
            throw StartError(
                contents.executables.isEmpty
                    ? "\(package.path) has no executable"
                    : "say which executable: \(contents.executables.joined(separator: ", "))")
        }
        return only
    }

    /// Builds an executable.
    func build(_ executable: String) async throws -> Outcome {
        let (status, text) = try await swift("build", ["--product", executable])
        guard status == 0 else { return .failed(Diagnostics.shown(text)) }
        let (pathStatus, path) = try await swift("build", ["--show-bin-path"])
        guard pathStatus == 0, let line = path.split(separator: "\n").last else { return .failed(path) }
        return .built(program: URL(filePath: String(line)).appending(path: executable))
    }

    private func swift(_ command: String, _ arguments: [String]) async throws -> (status: Int32, text: String)
    {
        var words = ["swift", command, "--package-path", package.path]
        if let scratch { words += ["--scratch-path", scratch.path] }
        let transcript = Transcript()
        let child = try ChildProcess(words + arguments, joined: true) { transcript.add($0) }
        running.withLock { running in
            running.child = child
            if running.isCancelled { child.send(SIGTERM) }
        }
        defer { running.withLock { $0.child = nil } }
        let status = await child.status()
        return (status, transcript.text)
    }
}

/// Why there is no program, in the compiler's words.
struct BuildFailure: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
