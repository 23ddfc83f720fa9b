import Foundation
import Testing

/// The compiler, with the modules that were built for these tests.
struct Compiler {
    /// Where the build has put executables and modules.
    static var products: URL {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: path ?? CommandLine.arguments[0]).deletingLastPathComponent()
    }

    static var hasModules: Bool {
        FileManager.default.fileExists(atPath: products.appending(path: "Modules/Crane.swiftmodule").path)
    }

    /// The rooms and packages that a program with a server consists of.
    private static let rooms = [
        "CraneSystem", "CraneLoop", "CraneHTTP", "CraneServer", "CraneSchema", "Crane", "CraneSQLite",
        "CraneJobs", "CraneClient", "CranePasswords", "CraneTemplates", "CraneService", "Mustache",
        "HTTPTypes",
        "Logging",
    ]

    let folder: URL

    /// What the compiler says of a program: its errors and warnings, without their places.
    func messages(about source: String) async throws -> [String] {
        let output = try await run(["-typecheck", file(source).path]).text
        return output.matches(of: /(?m)^[^ \n].*?: ((?:error|warning): .*)$/).map { String($0.1) }
    }

    /// Compiles and links a program, of which the compiler must not even warn: it tells an `await` that waits for nothing.
    ///
    /// With the objects that `livetalk` was linked from: those of files that are no more lie beside them.
    func executable(_ source: String) async throws -> URL { try await executable([file(source)]) }

    /// Compiles and links a program of several files, one of them `main.swift`, in the same way.
    func executable(_ files: [URL]) async throws -> URL {
        let program = folder.appending(path: "program")
        let list = Self.products.appending(path: "livetalk.product/Objects.LinkFileList")
        let objects = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
        }.filter { object in Self.rooms.contains { object.contains("/\($0).build/") } }
        let result = try await run(
            ["-warnings-as-errors", "-o", program.path] + files.map(\.path) + objects
                + ["-luv", "-lz", "-lsqlite3", "-lsodium", "-lcurl"])
        try #require(result.status == 0, "\(result.text)")
        return program
    }

    private func file(_ source: String) throws -> URL {
        let file = folder.appending(path: "main.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    private func run(_ arguments: [String]) async throws -> Command.Outcome {
        var all = ["swiftc", "-swift-version", "6", "-I", Self.products.appending(path: "Modules").path]
        for module in ["CLibUV", "CZlib", "CSQLite", "CSodium", "CCurl"] {
            all += ["-I", Document.root.appending(path: "Sources/\(module)").path]
        }
        for sanitizer in ["thread", "address"] {
            // The name is a constant's, and the symbol is not called.
            let symbol = unsafe dlsym(nil, "__\(sanitizer.prefix(1))san_init")
            if unsafe symbol != nil { all.append("-sanitize=\(sanitizer)") }
        }
        return try await Command(executable: URL(filePath: "/usr/bin/env"), arguments: all + arguments).run()
    }
}

/// A folder of the test's own, removed when it goes.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "guide-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
