import Foundation
import TestSupport
import Testing

/// A server in a process of its own that tells where it listens; killed when it goes.
final class RunningProgram: @unchecked Sendable {
    let port: Int
    private let process = Process()
    private let output: DrainedOutput

    /// A file of the repository that serves on port 8000, compiled and started on a port of its own.
    static func compiled(_ path: String, in folder: URL) async throws -> RunningProgram {
        let file = Document.root.appending(path: path)
        let source = try String(contentsOf: file, encoding: .utf8)
        #expect(source.contains("port: 8000"))
        let program = try await Compiler(folder: folder).executable(
            source.replacing("port: 8000", with: "port: 0"))
        return try await start(program, in: folder)
    }

    /// A service of the repository, one file or a package's folder, compiled and started on a port of its own; its `Resources` are
    /// where it is started.
    static func service(_ path: String, in folder: URL) async throws -> RunningProgram {
        let place = Document.root.appending(path: path)
        var sources = [place]
        if place.pathExtension != "swift" {
            sources = try Document.files(under: path + "/Sources", suffix: ".swift").map {
                Document.root.appending(path: $0)
            }
            try FileManager.default.copyItem(
                at: place.appending(path: "Resources"), to: folder.appending(path: "Resources"))
        }
        let program = try await Compiler(folder: folder).executable(sources)
        return try await start(program, ["--port", "0"], in: folder)
    }

    static func start(
        _ executable: URL, _ arguments: [String] = [], in folder: URL
    ) async throws -> RunningProgram {
        try await onThread { try RunningProgram(executable, arguments, in: folder) }
    }

    private init(_ executable: URL, _ arguments: [String], in folder: URL) throws {
        let pipe = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LIVETALK_ACCESS_LOG": "off"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        var told = ""
        var found: Int?
        while found == nil {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            told += String(decoding: data, as: UTF8.self)
            found = told.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\n/).flatMap { Int($0.1) }
        }
        port = found ?? 0
        output = DrainedOutput(pipe.fileHandleForReading)
        try #require(found != nil, "the server ended: \(told)")
    }

    /// Sends a signal and waits for the end; gives the status and what is said from now on.
    func end(by signal: Int32) async throws -> Command.Outcome {
        let (process, output) = (process, output)
        output.keep()
        kill(process.processIdentifier, signal)
        return try await onThread {
            let text = output.rest()
            process.waitUntilExit()
            return Command.Outcome(status: process.terminationStatus, text: text)
        }
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
