import CraneSQLite
import Foundation
import Testing

@testable import LiveTalk

@Suite("Another application's database")
struct ForeignDatabaseTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func care(_ name: String) throws -> DatabaseCare {
        var settings = Settings()
        settings.databaseURL = .file(directory.appending(path: name).path)
        return try DatabaseCare(settings)
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

    @Test("is refused by every command with the same advice, and left as it is")
    func commands() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = try make("talk.db", "(1, 1, '203.0.113.7', 'hello', \(Self.time), \(Self.time))")
        let before = try Data(contentsOf: URL(filePath: path))
        let care = try care("talk.db")
        let output = directory.appending(path: "out").path
        let commands: [() throws -> Void] = [
            { try care.export(to: output, as: .ndjson, continuing: false) { _, _ in } },
            { _ = try care.check() }, { _ = try care.migrate() }, { _ = try care.migrationStatus() },
            { try care.backup(to: output) { _ in } },
        ]
        for (index, command) in commands.enumerated() {
            let error = #expect(throws: OperationError.self) { try command() }
            #expect("\(error.map { "\($0)" } ?? "-")".contains(DatabaseOrigin.advice), "\(index)")
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
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
