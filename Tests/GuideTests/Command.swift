import Foundation
import TestSupport

/// A program that runs to its end.
struct Command: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        /// Standard output and standard error, as they came.
        let text: String
    }

    let executable: URL
    let arguments: [String]
    /// This process's own without one.
    var environment: [String: String]?
    var folder: URL?

    func run() async throws -> Outcome { try await onThread { try outcome() } }

    private func outcome() throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        if let environment { process.environment = environment }
        if let folder { process.currentDirectoryURL = folder }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, text: String(decoding: output, as: UTF8.self))
    }
}
