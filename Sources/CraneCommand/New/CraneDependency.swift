import CraneService
import Foundation

/// Where a new package has Crane from.
struct CraneDependency {
    /// The line of Package.swift, an expression.
    let expression: String
    /// The package's identity there.
    let identity: String
    /// The checkout's path as Package.swift has it; `nil` for a URL.
    let path: String?

    /// A repository: from a version on, or a branch of it.
    init(url: String, from version: String?, branch: String) throws(StartError) {
        // What SwiftPM makes of a URL: the last part of its path.
        let last = url.split(separator: "/").last.map(String.init) ?? ""
        identity = (last.hasSuffix(".git") ? String(last.dropLast(4)) : last).lowercased()
        guard url.contains("/"), !url.contains(where: { $0.isWhitespace || $0.isNewline }), !identity.isEmpty
        else {
            throw StartError("\(String(reflecting: url)) is no URL of a repository")
        }
        if let version, version.wholeMatch(of: /\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?/) == nil {
            throw StartError("\(String(reflecting: version)) is no version such as 1.0.0")
        }
        let requirement = version.map { "from: \"\($0)\"" } ?? "branch: \(String(reflecting: branch))"
        expression = ".package(url: \(String(reflecting: url)), \(requirement))"
        path = nil
    }

    /// A folder, by its path from the new package's own where the two have something in common.
    init(checkout: URL, for folder: URL) throws(StartError) {
        let checkout = checkout.standardizedFileURL
        guard Self.isCrane(checkout) else {
            throw StartError("\(checkout.path): there is no Crane in this folder")
        }
        let path = Self.path(to: checkout, from: folder.standardizedFileURL)
        expression = ".package(name: \"livetalk\", path: \(String(reflecting: path)))"
        identity = "livetalk"
        self.path = path
    }

    /// The checkout that this program was built in, if it is still there.
    static var ownCheckout: URL? {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else {
            return nil
        }
        var folder = URL(filePath: program).deletingLastPathComponent()
        while folder.path != "/" {
            if isCrane(folder) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    private static func isCrane(_ folder: URL) -> Bool {
        ["Package.swift", "Sources/Crane"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
    }

    private static func path(to target: URL, from folder: URL) -> String {
        let target = target.pathComponents
        let folder = folder.pathComponents
        let common = zip(target, folder).prefix { $0 == $1 }.count
        // The root alone is nothing in common: a folder that is moved keeps an absolute path.
        guard common > 1 else { return "/" + target.dropFirst().joined(separator: "/") }
        let steps = Array(repeating: "..", count: folder.count - common) + target.dropFirst(common)
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }
}
