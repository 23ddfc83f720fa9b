import Foundation
import TestSupport
import Testing

/// The command `livetalk` in a process of its own, in an empty directory, without this process's settings.
final class CommandProcess {
    struct Outcome: Hashable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// What every process finds in its environment: nothing of this one's but what sanitizers read.
    static let surroundings = ProcessInfo.processInfo.environment.filter {
        ["LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
    }.merging(["PATH": "/usr/bin:/bin"]) { $1 }

    let directory: URL
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private var banner = ""

    /// Starts `livetalk` with these arguments; with `redirection`, through a shell that applies it.
    init(_ arguments: [String], environment: [String: String] = [:], redirection: String? = nil) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let executable = try Self.executable()
        if let redirection {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "exec \"$0\" \"$@\" \(redirection)", executable.path] + arguments
        } else {
            process.executableURL = executable
            process.arguments = arguments
        }
        process.environment = Self.surroundings.merging(environment) { $1 }
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.start()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: directory)
    }

    /// The build puts the command beside the tests.
    static func executable() throws -> URL {
        let tests = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let argument = URL(filePath: CommandLine.arguments[0])
        let candidates = [argument, tests].map { $0.deletingLastPathComponent().appending(path: "livetalk") }
        return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
    }

    /// Reads the banner up to the address, and gives the port in it.
    func port() throws -> UInt16 {
        while true {
            let part = errors.fileHandleForReading.availableData
            banner += String(decoding: part, as: UTF8.self)
            if let match = banner.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\n/) {
                return UInt16(match.1) ?? 0
            }
            try #require(!part.isEmpty, "the command ended before its banner: \(banner)")
        }
    }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for the end and gives all that was written.
    func outcome() -> Outcome {
        let written = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: written, as: UTF8.self),
            errors: banner + String(decoding: complaints, as: UTF8.self))
    }
}
