import CraneSQLite
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

/// What a script learns of commands whose output it does not get.
@Suite("The output of commands", .ownThreads, .timeLimit(.minutes(2)))
struct OutputTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private let database: String

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        database = directory.appending(path: "comments.db").path
        var settings = Settings()
        settings.databaseURL = .file(database)
        let users = try UserAdministration(settings)
        defer { users.close() }
        _ = try users.add("ada", password: "secret")
        try Data("{\"id\":1,\"talk_id\":1,\"user_ip\":\"\",\"comment_text\":\"a\",".utf8).write(to: file)
        let times = "\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\"}\n"
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(times.utf8))
        try handle.close()
    }

    private var file: URL { directory.appending(path: "a.ndjson") }

    /// Every command that writes results; with the database where it wants one.
    private var commands: [[String]] {
        let options = ["--database-url", "sqlite:///\(database)"]
        return [
            ["import", file.path] + options, ["export"] + options, ["export", "--replace", "-"] + options,
            ["backup", "-"] + options, ["check"] + options, ["migrate"] + options,
            ["migrate", "--status"] + options, ["user", "list"] + options,
            ["user", "token", "ada"] + options, ["user", "disable", "ada"] + options, ["openapi"], ["--help"],
            ["--version"], ["help", "serve"], [],
        ]
    }

    @Test(
        "counts: what cannot be written fails, in one line",
        arguments: [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
    func unwritable(_ redirection: String, _ reason: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        for command in commands {
            let outcome = try CommandProcess(command, redirection: redirection).outcome()
            #expect(outcome.status == 1, "\(command)")
            #expect(outcome.errors == "livetalk: standard output: \(reason)\n", "\(command)")
        }
    }

    @Test("counts when its reader has gone too")
    func closedPipe() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        for command in commands {
            let process = Process()
            let (output, errors) = (Pipe(), Pipe())
            try output.fileHandleForReading.close()
            process.executableURL = try CommandProcess.executable()
            process.arguments = command
            process.environment = CommandProcess.surroundings
            process.currentDirectoryURL = directory
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = errors
            try process.start()
            let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1, "\(command)")
            #expect(text == "livetalk: standard output: Broken pipe\n", "\(command)")
        }
    }

    @Test("that nobody has got makes no token, and pushes none out")
    func token() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let arguments = ["user", "token", "ada", "--database-url", "sqlite:///\(database)"]
        #expect(try CommandProcess(arguments).outcome().status == 0)
        #expect(try CommandProcess(arguments, redirection: ">/dev/full").outcome().status == 1)
        let snapshot = try DatabaseSnapshot(path: database)
        defer { snapshot.close() }
        let count = try snapshot.read { connection in
            let count = try connection.prepare("SELECT count(*) AS total FROM token")
            return try count.step() ? count.int("total") : -1
        }
        #expect(count == 1)
    }

    @Test("cannot be read from a closed standard input")
    func closedInput() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let outcome = try CommandProcess(
            ["import", "-", "--format", "csv", "--database-url", "sqlite:///\(database)"], redirection: "<&-"
        ).outcome()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("standard input: Bad file descriptor"), "\(outcome.errors)")
    }
}
