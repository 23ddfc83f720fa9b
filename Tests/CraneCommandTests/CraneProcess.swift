import Foundation
import Synchronization
import TestSupport
import Testing

/// A `crane` that runs, as a user starts it; killed with what it has started when it goes.
final class CraneProcess: Sendable {
    private let process: Process
    private let said = Mutex<[UInt8]>([])
    private let news = DispatchSemaphore(value: 0)
    private let isWhole = DispatchSemaphore(value: 0)

    static var products: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: tests).deletingLastPathComponent()
        }
    }

    /// - Parameter tools: a folder whose programs are found before others.
    init(_ arguments: [String], in folder: URL, tools: URL? = nil) throws {
        process = Process()
        let pipe = Pipe()
        process.executableURL = try Self.products.appending(path: "crane")
        process.arguments = arguments
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        process.environment = ["PATH": (tools.map { $0.path + ":" } ?? "") + path]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        let reading = pipe.fileHandleForReading
        Thread.detachNewThread { [self] in
            while case let data = reading.availableData, !data.isEmpty {
                said.withLock { $0 += data }
                news.signal()
            }
            isWhole.signal()
        }
    }

    var text: String { said.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Waits until what was said matches; gives the last capture of the last match.
    func waits(for pattern: String, count: Int = 1) throws -> String {
        let expression = try NSRegularExpression(pattern: pattern)
        while true {
            let text = text
            let found = expression.matches(in: text, range: NSRange(text.startIndex..., in: text))
            if found.count >= count, let last = found.last {
                let range = Range(last.range(at: last.numberOfRanges - 1), in: text)
                return range.map { String(text[$0]) } ?? ""
            }
            try #require(process.isRunning, "crane ended: \(text)")
            _ = news.wait(timeout: .now() + .seconds(1))
        }
    }

    /// Sends a signal and waits for the end; gives the status.
    func end(_ signal: Int32? = nil) -> Int32 {
        if let signal { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Runs it to its end.
    static func run(_ arguments: [String], in folder: URL) throws -> (status: Int32, text: String) {
        let crane = try CraneProcess(arguments, in: folder)
        let status = crane.end()
        // The reader may not have come to the end of the pipe yet.
        crane.isWhole.wait()
        return (status, crane.text)
    }

    deinit {
        // SIGTERM has it end its own.
        if process.isRunning { _ = end(SIGTERM) }
    }
}

/// A folder of the test's own, removed when it goes.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "crane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func write(_ text: String, to path: String, isExecutable: Bool = false) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
        if isExecutable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
