import Foundation
import TestSupport
import Testing

/// What the service does when the disk fails it, and when that has passed.
@Suite(.ownThreads) struct FaultTests {
    private let comment = #"{"talk_id":1,"user_ip":"::1","comment_text":"x"}"#

    /// Writes fail with 503 and reads go on during the fault; afterwards all is as before.
    private func goesOn(
        in folder: TemporaryFolder, refusing: Bool = true, during fault: (LiveTalkProcess) throws -> Void,
        after end: (LiveTalkProcess) throws -> Void
    ) throws {
        let service = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: service.port)
        #expect(try client.request("POST", "/comments/", json: comment).status == 200)
        try fault(service)
        for _ in 0..<(refusing ? 3 : 0) {
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

    @Test(
        "the service outlives a database that becomes read-only, and writes again when it may",
        .enabled("a user who may not make files immutable", { Immutable.isHere }))
    func readOnly() throws {
        let folder = TemporaryFolder()
        let log = folder.path + "/comments.db-wal"
        defer { Immutable.set(false, log) }
        try goesOn(in: folder) { _ in
            try #require(Immutable.set(true, log))
        } after: { _ in
            try #require(Immutable.set(false, log))
        }
    }

    @Test("the service does not start on a file that it may not write to, and says so in a line")
    func readOnlyAtStart() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/comments.db"
        #expect(try LiveTalkProcess(database: folder.database).end(SIGTERM) == 0)
        for mode: mode_t in [0o444, 0o000] {
            #expect(chmod(path, mode) == 0)
            let outcome = try LiveTalkProcess.run(
                ["serve", "--port", "0", "--database-url", folder.database], isUnprivileged: true)
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("comments.db"))
            #expect(outcome.error.contains(mode == 0 ? "unable to open" : "read-only"), "\(outcome.error)")
            #expect(outcome.error.split(separator: "\n").count == 1)
        }
        #expect(chmod(path, 0o644) == 0)
        let service = try LiveTalkProcess(database: folder.database)
        #expect(try HTTPClient(port: service.port).request("POST", "/comments/", json: comment).status == 200)
    }

    @Test("a database at rest is read where nothing may be written, unless its log holds something")
    func atRest() throws {
        let folder = TemporaryFolder()
        let service = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: service.port)
        #expect(try client.request("POST", "/comments/", json: comment).status == 200)
        #expect(service.end(SIGTERM) == 0)
        defer { chmod(folder.path, 0o755) }
        #expect(chmod(folder.path + "/comments.db", 0o444) == 0 && chmod(folder.path, 0o555) == 0)
        for (command, said) in [
            ("check", "no problems"), ("export", #"{"id":1,"#), ("user list", ""),
            ("migrate --status", "applied at"),
        ] {
            let outcome = try LiveTalkProcess.run(
                command.split(separator: " ").map(String.init) + ["--database-url", folder.database],
                isUnprivileged: true)
            #expect(outcome.status == 0 && (said.isEmpty || outcome.error.contains(said)), "\(outcome.error)")
        }
        #expect(chmod(folder.path, 0o755) == 0)
        try Data("something".utf8).write(to: URL(fileURLWithPath: folder.path + "/comments.db-wal"))
        #expect(chmod(folder.path, 0o555) == 0)
        let refused = try LiveTalkProcess.run(
            ["check", "--database-url", folder.database], isUnprivileged: true)
        #expect(
            refused.status == 1 && refused.error.contains("comments.db-wal holds the last changes"),
            "\(refused.error)")
    }

    @Test("the service answers 503 for what is damaged, and everything else; check names the damage")
    func damaged() throws {
        let folder = TemporaryFolder()
        let first = try LiveTalkProcess(database: folder.database)
        let filling = try HTTPClient(port: first.port)
        let text = String(repeating: "x", count: 1500)
        for _ in 0..<200 {
            let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"\#(text)"}"#
            #expect(try filling.request("POST", "/comments/", json: body).status == 200)
        }
        #expect(first.end(SIGTERM) == 0)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path + "/comments.db"))
        let content = try #require(try file.readToEnd())
        // Every page that holds no more than comments' texts.
        for page in stride(from: 0, to: content.count, by: 4096)
        where content[page..<(page + 4096)].count(where: { $0 == UInt8(ascii: "x") }) > 2500 {
            try file.seek(toOffset: UInt64(page))
            try file.write(contentsOf: Data(repeating: 0x7F, count: 4096))
        }
        try file.close()
        let service = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: service.port)
        let refused = try client.request("GET", "/comments/100")
        #expect(refused.status == 503)
        #expect(refused.body == #"{"detail":"The database is unavailable"}"#)
        #expect(try client.request("GET", "/comments/").status == 503)
        #expect(try client.request("GET", "/healthz").status == 200)
        #expect(try client.request("GET", "/comments/9999").status != 200)
        #expect(service.end(SIGTERM) == 0)
        #expect(try LiveTalkProcess.run(["check", "--database-url", folder.database]).status == 1)
    }

    @Test("a second service on the same file is refused in a line, and the first one goes on")
    func second() throws {
        let folder = TemporaryFolder()
        try goesOn(in: folder, refusing: false) { _ in
            let outcome = try LiveTalkProcess.run(
                ["serve", "--port", "0", "--database-url", folder.database])
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("another process"))
            #expect(outcome.error.split(separator: "\n").count == 1)
        } after: { _ in
        }
    }

    /// Sets how long a file of the process may become (prlimit(1)).
    private func limitFiles(of service: LiveTalkProcess, to bytes: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        process.arguments = ["--pid", "\(service.process.processIdentifier)", "--fsize=\(bytes):unlimited"]
        try process.start()
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
