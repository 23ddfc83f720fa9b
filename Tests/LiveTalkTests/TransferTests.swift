import CraneSQLite
import CraneSchema
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Exports and imports in scripts", .ownThreads)
struct TransferTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { directory.appending(path: name).path }

    private func care(_ name: String = "comments.db") throws -> DatabaseMaintenance {
        var settings = Settings()
        settings.databaseURL = .file(path(name))
        return try DatabaseMaintenance(settings)
    }

    private func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    /// The files that are there, but for what readers leave beside a database.
    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().filter {
            !$0.hasSuffix(".db-wal") && !$0.hasSuffix(".db-shm")
        }
    }

    private func take(_ content: String, _ name: String, into database: String = "new.db") throws
        -> ImportOutcome
    {
        try Data(content.utf8).write(to: URL(filePath: path(name)))
        return try care(database).importComments(from: path(name), as: nil) { _, _ in }
    }

    private func filled(_ texts: [String]) throws -> DatabaseMaintenance {
        let care = try care()
        _ = try care.migrate()
        let database = try Database(.init(.file(care.path)))
        defer { database.close() }
        try database.transaction { connection in
            let insert = try connection.prepare("INSERT INTO comment VALUES (:id, 1, '::1', :text, 0, 0)")
            for (index, text) in texts.enumerated() {
                try insert.bind("id", index + 1)
                try insert.bind("text", text)
                try insert.run()
            }
        }
        return care
    }

    private static let line =
        #"{"id":1,"talk_id":1,"user_ip":"::1","comment_text":"a","created_at":"2026-01-01T00:00:00Z","#
        + #""updated_at":"2026-01-01T00:00:00Z"}"#

    @Test("leave no file behind an export that fails, and the old one where it was to be replaced")
    func failedExport() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        for replacing in [false, true] {
            #expect(throws: OperationError.self) {
                try care("mistyped.db").export(
                    to: path("a.csv"), as: .csv, continuing: false, replacing: replacing
                ) { _, _ in }
            }
        }
        #expect(try names() == [])

        // A page of the table is damaged: what stands before it has been written when that shows.
        let long = String(repeating: "x", count: 1000)
        let damaged = try filled((1...2000).map { "\($0) \(long)" })
        let handle = try FileHandle(forUpdating: URL(filePath: damaged.path))
        try handle.seek(toOffset: 1 << 20)
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 4096))
        try handle.close()
        let before = try names()
        #expect(throws: OperationError.self) {
            try damaged.export(to: path("a.csv"), as: .csv, continuing: false) { _, _ in }
        }
        #expect(try names() == before)
        try Data("yesterday's".utf8).write(to: URL(filePath: path("a.csv")))
        let error = #expect(throws: OperationError.self) {
            try damaged.export(to: path("a.csv"), as: .csv, continuing: false, replacing: true) { _, _ in }
        }
        #expect(error?.description.hasPrefix("\(damaged.path): ") == true)
        #expect(try text("a.csv") == "yesterday's")
        #expect(try names() == (before + ["a.csv"]).sorted())
        let copy = #expect(throws: OperationError.self) { try damaged.backup(to: path("a.csv")) { _ in } }
        #expect(copy?.description.contains("a.csv: the copy is damaged: ") == true, "\(copy as Any)")
        #expect(try text("a.csv") == "yesterday's")
        #expect(try names() == (before + ["a.csv"]).sorted())
    }

    @Test("write an export anew when told so, and say what there is to say otherwise")
    func replaced() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let care = try filled(["a", "b"])
        try care.export(to: path("a.csv"), as: .csv, continuing: false, replacing: true) { _, _ in }
        let whole = try text("a.csv")
        #expect(whole.hasSuffix("\n2,1,::1,b,1970-01-01T00:00:00.000000Z,1970-01-01T00:00:00.000000Z\n"))
        try FileManager.default.createSymbolicLink(atPath: path("link.csv"), withDestinationPath: "a.csv")
        for name in ["a.csv", "link.csv"] {
            try Data("much that is to go\n".utf8).write(to: URL(filePath: path("a.csv")))
            try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path("a.csv"))
            let refused = #expect(throws: OperationError.self) {
                try care.export(to: path(name), as: .csv, continuing: false) { _, _ in }
            }
            #expect(
                refused?.description
                    == "\(path(name)) exists already: --resume continues it, --replace writes it anew")
            try care.export(to: path(name), as: .csv, continuing: false, replacing: true) { _, _ in }
            #expect(try text("a.csv") == whole)
            let mode = try FileManager.default.attributesOfItem(atPath: path("a.csv"))[.posixPermissions]
            #expect(mode as? Int == 0o604)
        }
        #expect(try names() == ["a.csv", "comments.db", "link.csv"])
        #expect(unsafe mkfifo(path("fifo"), 0o600) == 0)
        for name in ["fifo", "comments.db", "comments.db-wal", "", "."] {
            for replacing in [false, true] {
                let error = #expect(throws: OperationError.self) {
                    try care.export(to: path(name), as: .csv, continuing: false, replacing: replacing) {
                        _, _ in
                    }
                }
                let isHinting = error?.description.contains("--replace") == true
                #expect(isHinting == (name == "comments.db" && !replacing), "\(name)")
            }
        }
        #expect(try care.check() == [])
        let both = try CommandProcess(["export", "--resume", "--replace", path("a.csv")]).outcome()
        #expect(both.status == 64)
    }

    @Test("say that a database without tables has none")
    func empty() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data().write(to: URL(filePath: path("comments.db")))
        let error = #expect(throws: OperationError.self) {
            try care().export(to: path("a.csv"), as: .csv, continuing: false) { _, _ in }
        }
        #expect(error?.description == "\(path("comments.db")): \(DatabaseMaintenance.emptiness)")
        #expect(try names() == ["comments.db"])
    }

    @Test(
        "make no database of a file in which nothing is right",
        arguments: [
            ("a.ndjson", "junk\n"), ("a.csv", "id,talk_id\n"), ("a.json", "[]"),
            ("a.ndjson", line.replacing("\"id\":1", with: "\"id\":9223372036854775807")),
            ("a.ndjson", line + "\n" + line + "\n" + line.replacing("\"talk_id\":1", with: "\"talk_id\":2")),
        ])
    func noDatabase(_ name: String, _ content: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        #expect(throws: OperationError.self) { try take(content, name) }
        #expect(try names() == [name])
    }

    @Test("read CSV as CSV, its first line too")
    func header() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let row = #""1","1","203.0.113.7","t","2026-01-01T00:00:00Z","2026-01-01T00:00:00Z""#
        let columns = #""id","talk_id","user_ip","comment_text","created_at","updated_at""#
        let files = [
            columns + "\n" + row + "\n", columns + "\r\n" + row, "\u{FEFF}" + columns + "\n" + row,
            "\u{FEFF}ID,Talk_ID,\"USER_IP\",comment_text,created_at,updated_at\n" + row,
            "\n" + columns + "\n\n" + row,
            "comment_text,user_ip,updated_at,created_at,talk_id,id\nt,203.0.113.7,"
                + "2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,1,1\n",
        ]
        for (index, content) in files.enumerated() {
            let outcome = try take(content, "a.csv")
            #expect(
                outcome == ImportOutcome(added: index == 0 ? 1 : 0, known: index == 0 ? 0 : 1), "\(index)")
        }
        for head in [
            "id,talk_id,user_ip,comment_text,created_at", "id,id,user_ip,comment_text,created_at,updated_at",
            "id,talk_id,user_ip,comment_text,created_at,updated_at,more", "\"id,talk_id\n",
            "id;talk_id;user_ip;comment_text;created_at;updated_at", "",
        ] {
            let error = #expect(throws: OperationError.self) { try take(head + "\n" + row + "\n", "b.csv") }
            #expect(
                error?.description.contains("updated_at, in any order") == true,
                "\(error?.description ?? "")")
        }
    }

    @Test("pass over lines of blanks between lines of JSON, and say what a JSON array wants")
    func lines() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let outcome = try take("\n \t\r\n  \(Self.line)  \r\n \n\t", "a.ndjson")
        #expect(outcome == ImportOutcome(added: 1, known: 0))
        for content in ["[\(Self.line)]", "\n [\n\(Self.line)\n]\n"] {
            let error = #expect(throws: OperationError.self) { try take(content, "a.json") }
            #expect(error?.description.contains("a JSON array: write one object a line") == true)
        }
    }

    @Test("tell of ids that JavaScript rounds")
    func unsafeIDs() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        func line(_ id: Int) -> String { Self.line.replacing("\"id\":1", with: "\"id\":\(id)") }
        #expect(try take(line(9_007_199_254_740_991), "a.ndjson").hasUnsafeIDs == false)
        #expect(try take(line(9_007_199_254_740_992), "b.ndjson").hasUnsafeIDs)
        let outcome = try CommandProcess([
            "import", path("b.ndjson"), "--database-url", "sqlite:///\(path("c.db"))",
        ]).outcome()
        #expect(outcome.status == 0)
        #expect(outcome.output == "1 comments added, 0 were there already\n")
        #expect(outcome.errors.hasPrefix("livetalk: warning: JavaScript rounds ids above 9007199254740991"))
    }

    @Test("bring back whatever is there, in any format", arguments: TransferFormat.allCases)
    func longTexts(_ format: TransferFormat) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        // JSON needs six bytes for each of these.
        let care = try filled([String(repeating: "\u{1}", count: 3 << 20), "short"])
        try care.export(to: path("a"), as: format, continuing: false) { _, _ in }
        #expect(try self.care("b.db").importComments(from: path("a"), as: format) { _, _ in }.added == 2)
        try care.export(to: path("a"), as: format, continuing: true) { _, _ in }
        try self.care("b.db").export(to: path("b"), as: format, continuing: false) { _, _ in }
        #expect(try Data(contentsOf: URL(filePath: path("a"))) == Data(contentsOf: URL(filePath: path("b"))))
    }

    @Test("refuse a text that is longer than any that was ever posted")
    func longestText() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let care = try filled([String(repeating: "x", count: RecordReader.textLimit)])
        let error = #expect(throws: OperationError.self) {
            try self.care("b.db").importComments(from: care.path, as: nil) { _, _ in }
        }
        #expect(error?.description.contains("user_ip and comment_text: longer than 16 MiB") == true)
    }
}
