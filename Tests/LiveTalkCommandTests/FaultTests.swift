import Foundation
import Testing

/// What the service does when the disk fails it, and when that has passed.
@Suite struct FaultTests {
    private let comment = #"{"talk_id":1,"user_ip":"::1","comment_text":"x"}"#

    /// Writes fail with 503 and reads go on during the fault; afterwards all is as before.
    private func goesOn(
        in folder: TemporaryFolder, during fault: (LiveTalkProcess) throws -> Void,
        after end: (LiveTalkProcess) throws -> Void
    ) throws {
        let service = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: service.port)
        #expect(try client.request("POST", "/comments/", json: comment).status == 200)
        try fault(service)
        for _ in 0..<3 {
            let refused = try client.request("POST", "/comments/", json: comment)
            #expect(refused.status == 503)
            #expect(refused.body == #"{"detail":"The database is unavailable"}"#)
            #expect(try client.request("GET", "/comments/1").status == 200)
        }
        try end(service)
        #expect(try client.request("POST", "/comments/", json: comment).body.hasPrefix(#"{"id":2,"#))
        #expect(service.end(SIGTERM) == 0)
        let check = try LiveTalkProcess.run(["check", "--database-url", folder.database])
        #expect(check.error == "no problems\n")
    }

    /// Sets how long a file of the process may become (prlimit(1)).
    private func limitFiles(of service: LiveTalkProcess, to bytes: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        process.arguments = ["--pid", "\(service.process.processIdentifier)", "--fsize=\(bytes):unlimited"]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test("the service outlives a disk that takes no more, and writes again when it does")
    func full() throws {
        try goesOn(in: TemporaryFolder()) {
            try limitFiles(of: $0, to: "1")
        } after: {
            try limitFiles(of: $0, to: "unlimited")
        }
    }

    @Test(
        "the service writes nothing to a file that nobody would find again, until it is back",
        arguments: ["", "-wal"])
    func vanished(suffix: String) throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/comments.db" + suffix
        try goesOn(in: folder) { _ in
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        } after: { _ in
            try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        }
    }

    @Test("the service does not start on a file that is no database, and leaves it as it is")
    func noDatabase() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/comments.db"
        let content = Data(String(repeating: "no database ", count: 1000).utf8)
        try content.write(to: URL(fileURLWithPath: path))
        let outcome = try LiveTalkProcess.run(["serve", "--port", "0", "--database-url", folder.database])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("comments.db") && outcome.error.contains("not a database"))
        #expect(outcome.error.split(separator: "\n").count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }
}
