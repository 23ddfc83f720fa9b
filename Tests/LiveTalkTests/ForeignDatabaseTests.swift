import Crane
import CraneSQLite
import CraneService
import Foundation
import Testing

@testable import LiveTalk

@Suite("Another application's database")
struct ForeignDatabaseTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func care(_ name: String) throws -> DatabaseMaintenance {
        var settings = Settings()
        settings.databaseURL = .file(directory.appending(path: name).path)
        return try DatabaseMaintenance(settings)
    }

    /// The talk's table without types, with these rows.
    private func make(_ name: String, _ rows: String) throws -> String {
        let path = directory.appending(path: name).path
        let database = try Database(.init(.file(path)))
        try database.transaction { connection in
            try connection.execute(
                """
                CREATE TABLE comment (id, talk_id, user_ip, comment_text, created_at, updated_at);
                INSERT INTO comment VALUES \(rows);
                """)
        }
        database.close()
        return path
    }

    private static let time = "'2026-11-22 10:27:46.435120'"

    /// A database with one table, which is not the talk's, and perhaps the history of another application's migrations.
    private func makeBooks(_ name: String, hasHistory: Bool) throws -> String {
        let path = directory.appending(path: name).path
        let database = try Database(.init(.file(path)))
        let books = "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO book VALUES (1, 'a')"
        if hasHistory {
            // Names are no proof: the guide's application has one of the same.
            try database.migrate([Migration(1, Migration.comments.name, sql: books)])
        } else {
            try database.transaction { connection in try connection.execute(books) }
        }
        database.close()
        return path
    }

    @Test("is refused by every command with the same advice, and left as it is", arguments: 0...2)
    func commands(_ kind: Int) async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let path =
            kind == 0
            ? try make("talk.db", "(1, 1, '203.0.113.7', 'hello', \(Self.time), \(Self.time))")
            : try makeBooks("talk.db", hasHistory: kind == 2)
        let says = "\(path): it is another application's database"
        let before = try Data(contentsOf: URL(filePath: path))
        let care = try care("talk.db")
        let ours = try self.care("ours.db")
        _ = try ours.migrate()
        let output = directory.appending(path: "out").path
        var settings = Settings()
        settings.databaseURL = .file(path)
        let commands: [() throws -> Void] = [
            { try care.export(to: output, as: .ndjson, continuing: false) { _, _ in } },
            { _ = try care.check() }, { _ = try care.migrate() }, { _ = try care.migrationStatus() },
            { try care.backup(to: output) { _ in } }, { try care.backup(to: "-") { _ in } },
            { _ = try UserAdministration.list(settings) },
            { try care.restore(from: ours.path, replacing: true) { _ in } },
            { try ours.restore(from: path, replacing: true) { _ in } },
            { _ = try care.importComments(from: ours.path, as: nil) { _, _ in } },
        ]
        for (index, command) in commands.enumerated() {
            let error = #expect(throws: OperationError.self) { try command() }
            let text = error.map { "\($0)" } ?? "-"
            #expect(
                text.hasPrefix(says) && text.contains("livetalk import") == (kind == 0), "\(index): \(text)")
        }
        for command in [
            { _ = try UserAdministration(settings) },
            { _ = try ServedTalk(settings, log: .standardError()) },
        ] {
            let error = #expect(throws: StartError.self) { try command() }
            #expect(error.map { "\($0)".contains("it is another application's database") } == true)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(!FileManager.default.fileExists(atPath: output))
        if kind > 0 {
            let error = #expect(throws: OperationError.self) {
                _ = try ours.importComments(from: path, as: nil) { _, _ in }
            }
            #expect(error?.description == "\(path): there is no table of comments in it")
        }
    }

    @Test("is no file without tables: that is filled")
    func empty() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        // As touch makes it, and as an application leaves it that has dropped all that it had.
        let dropped = try makeBooks("dropped.db", hasHistory: false)
        let database = try Database(.init(.file(dropped)))
        try database.transaction { connection in
            try connection.execute(
                "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE a; DROP TABLE book")
        }
        database.close()
        try Data().write(to: directory.appending(path: "touched.db"))
        for name in ["dropped.db", "touched.db"] {
            #expect(try care(name).migrate().count == Migration.all.count)
            #expect(try care(name).check() == [])
        }
    }

    @Test(
        "is taken over with the values that it has, or ends the import with the column that has another's type"
    )
    func types() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let time = Self.time
        let cases = [
            ("1, NULL, 'x', 'a', \(time), \(time)", "comment 1: talk_id: null instead of integer"),
            ("1, 'abc', 'x', 'a', \(time), \(time)", "comment 1: talk_id: text instead of integer"),
            ("1, 1e300, 'x', 'a', \(time), \(time)", "comment 1: talk_id: real instead of integer"),
            ("1, 1, NULL, 'a', \(time), \(time)", "comment 1: user_ip: null instead of text"),
            ("1, 1, 'x', x'ff00fe', \(time), \(time)", "comment 1: comment_text: blob instead of text"),
            ("1, 1, 'x', CAST(x'ff' AS TEXT), \(time), \(time)", "comment 1: comment_text: not UTF-8"),
            ("1, 1, 'x', 'a', 'today', \(time)", "comment 1: created_at: not a date and time"),
            ("1, 1, 'x', 'a', \(time), 1700000000", "comment 1: updated_at: integer instead of text"),
            ("NULL, 1, 'x', 'a', \(time), \(time)", "comment NULL: id: not a whole number of its own"),
            (
                "1, 1, 'x', 'a', \(time), \(time)), (1, 1, 'x', 'b', \(time), \(time)",
                "comment 1: id: not a whole"
            ),
        ]
        for (index, (row, reason)) in cases.enumerated() {
            let source = try make("\(index).db", "(\(row))")
            let error = #expect(throws: OperationError.self) {
                _ = try care("new\(index).db").importComments(from: source, as: nil) { _, _ in }
            }
            #expect(
                "\(error.map { "\($0)" } ?? "-")".contains(reason), "\(row): \(error.map { "\($0)" } ?? "-")")
        }
        let good = try make("good.db", "(7, 1, 'x', 'a', \(time), \(time))")
        #expect(try care("new.db").importComments(from: good, as: nil) { _, _ in }.added == 1)
    }
}
