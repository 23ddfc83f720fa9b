import Foundation
import TestSupport
import Testing

/// A running `livetalk`, as a user starts it; killed when it goes.
final class LiveTalkProcess {
    struct Outcome {
        let status: Int32
        let error: String
    }

    let process = Process()
    private(set) var port: UInt16 = 0
    /// What it has said at its start.
    private(set) var banner = ""
    private let standardError = Pipe()

    /// What every process finds in its environment: nothing of this one's but what sanitizers read.
    static let surroundings = ProcessInfo.processInfo.environment.filter {
        ["LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
    }.merging(["PATH": "/usr/bin:/bin"]) { $1 }

    /// The binary that was built beside the tests.
    static var binary: URL {
        get throws {
            let tests = try URL(
                fileURLWithPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            return tests.deletingLastPathComponent().appendingPathComponent("livetalk")
        }
    }

    /// Starts `livetalk serve` on a port of the system's choice and waits for its banner.
    convenience init(
        database: String, environment: [String: String] = [:], arguments: [String] = []
    ) throws {
        try self.init(
            command: ["serve", "--port", "0", "--database-url", database] + arguments,
            environment: environment)
    }

    /// Starts a command that serves and waits for its banner.
    init(command: [String], environment: [String: String] = [:]) throws {
        try launch(command, environment)
        while port == 0 {
            let data = standardError.fileHandleForReading.availableData
            try #require(!data.isEmpty, "livetalk ended: \(banner)")
            banner += String(decoding: data, as: UTF8.self)
            guard banner.contains("stop") else { continue }
            // Nor has a Unix socket one.
            if banner.contains("unix:") { break }
            let match = try #require(banner.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/))
            port = try #require(UInt16(match.1))
        }
        _ = DrainedOutput(standardError.fileHandleForReading)
    }

    private func launch(_ arguments: [String], _ environment: [String: String]) throws {
        process.executableURL = try LiveTalkProcess.binary
        process.arguments = arguments
        process.environment = Self.surroundings.merging(["LIVETALK_ACCESS_LOG": "off"]) { $1 }
            .merging(environment) { $1 }
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = standardError
        try process.start()
    }

    /// Sends a signal and waits for the end; the exit status, or the signal's number.
    func end(_ signal: Int32) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    deinit {
        if process.isRunning { _ = end(SIGKILL) }
    }

    /// Runs the command to its end.
    ///
    /// - Parameters:
    ///   - isUnprivileged: the permissions of files count, even for root.
    ///   - limits: what prlimit(1) sets before.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], isUnprivileged: Bool = false,
        limits: [String] = []
    ) throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        if isUnprivileged, geteuid() == 0 {
            // Of util-linux, as is prlimit.
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            let powers = "-dac_override,-dac_read_search"
            process.arguments = try ["--bounding-set", powers, "--inh-caps", powers, binary.path] + arguments
        } else if !limits.isEmpty {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
            process.arguments = try limits + [binary.path] + arguments
        } else {
            process.executableURL = try binary
            process.arguments = arguments
        }
        process.environment = surroundings.merging(environment) { $1 }
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, error: String(decoding: output, as: UTF8.self))
    }
}

/// A folder of the test's own, removed when it goes.
final class TemporaryFolder {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "livetalk-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    var database: String { "sqlite:///\(path)/comments.db" }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
