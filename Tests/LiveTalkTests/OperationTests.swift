import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The operator's commands", .ownThreads)
struct OperationTests {
    /// A directory of the test's own, with a database in it.
    final class Place {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

        init() throws {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }

        deinit {
            try? FileManager.default.removeItem(at: directory)
        }

        func path(_ name: String) -> String { directory.appending(path: name).path }

        func care(_ name: String = "comments.db") throws -> DatabaseMaintenance {
            var settings = Settings()
            settings.databaseURL = .file(path(name))
            return try DatabaseMaintenance(settings)
        }

        func text(_ name: String) throws -> String {
            try String(decoding: Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
        }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(filePath: path(name)))
        }

        /// A database with so many comments, some of them awkward to write down.
        func filled(_ count: Int) throws -> DatabaseMaintenance {
            let care = try care()
            _ = try care.migrate()
            let texts = ["plain", "a \"quoted\", text", "two\nlines\r\n", "é😀", "", "\0", "=1+1", "\"", ","]
            let database = try Database(.init(.file(care.path)))
            defer { database.close() }
            try database.transaction { connection in
                let insert = try connection.prepare(
                    "INSERT INTO comment VALUES (\(LiveTalk.Comment.table.parameterList))")
                for number in 1...count {
                    let comment = LiveTalk.Comment(
                        id: number * 3, talkID: number % 5, userIP: "::\(number % 7)",
                        text: texts[number % texts.count],
                        createdAt: Timestamp(microseconds: 1_795_343_266_435_120 + number),
                        updatedAt: Timestamp(microseconds: 1_795_343_266_435_120 + number * 2))
                    try insert.bind(members: comment)
                    try insert.run()
                }
            }
            return care
        }

        /// A database as the FastAPI application makes it.
        func fastAPI(_ name: String) throws {
            // The file is made by a library that knows nothing of this one's tables.
            let made = try Database(.init(.memory))
            try made.transaction { connection in
                try connection.execute(
                    """
                    CREATE TABLE comment (
                        id INTEGER NOT NULL, talk_id INTEGER NOT NULL, user_ip VARCHAR(45) NOT NULL,
                        comment_text VARCHAR NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
                        PRIMARY KEY (id));
                    CREATE INDEX idx_talk_id ON comment (talk_id);
                    INSERT INTO comment VALUES
                        (3, 1, '::1', 'first', '2025-11-22 10:27:46.435120', '2025-11-23 00:00:00.000001'),
                        (9, 2, '::2', 'second', '2025-11-22 10:27:46', '2025-11-22 10:27:46.5');
                    """)
            }
            // A backup has no log, as the application's file has none.
            try made.snapshot().backup(to: path(name))
            made.close()
        }
    }

    @Test("migrate a database once, and tell what was applied")
    func migrations() throws {
        let place = try Place()
        let care = try place.care()
        #expect(throws: OperationError.self) { try care.migrationStatus() }
        #expect(try care.migrate() == Migration.all.map { "\($0.number) \($0.name)" })
        #expect(try care.migrate() == [])
        let status = try care.migrationStatus()
        #expect(status.count == Migration.all.count && status.allSatisfy { $0.contains(": applied at 2") })
        #expect(try care.check() == [])
    }

    @Test("and the service bring a database of the first version up to date, with its comments")
    func olderVersion() async throws {
        let place = try Place()
        let care = try place.care()
        let count = 5000
        let database = try Database(.init(.file(care.path)))
        try database.migrate([.comments])
        try database.transaction { connection in
            let insert = try connection.prepare(
                "INSERT INTO comment VALUES (:number, 1, '::1', :text, :number, :number)")
            for number in 1...count {
                try insert.bind("number", number)
                try insert.bind("text", "word\(number)")
                try insert.run()
            }
        }
        database.close()
        var settings = Settings()
        settings.databaseURL = .file(care.path)
        let app = try ServedTalk(settings, log: .standardError())
        defer { app.close() }
        #expect(app.migrations == Migration.all.dropFirst().map { "\($0.number) \($0.name)" })
        let client = Client(responder: app.responder)
        // A search looks in what it could index in its time, which on a busy machine is a part.
        for _ in 0...count / SearchIndex.batch { _ = try await client.send("GET", "/search/comments?q=none") }
        for (target, id) in [
            ("/search/comments?q=word4321", 4321), ("/comments/?offset=\(count - 1)", count),
            ("/comments/?talk_id=1&limit=1", 1),
        ] {
            let answer = try await client.send("GET", target)
            #expect(answer.status == 200)
            #expect(answer.body.hasPrefix("[{\"id\":\(id),"), "\(target): \(answer.body.prefix(100))")
        }
    }

    @Test("refuse a database of a newer version, and one in memory")
    func refusals() throws {
        let place = try Place()
        let care = try place.care()
        let newer = Migration(99, "from the future", sql: "CREATE TABLE future (id INTEGER)")
        let database = try Database(.init(.file(care.path)))
        try database.migrate(Migration.all + [newer])
        database.close()
        for body in [
            { _ = try care.migrate() }, { _ = try care.migrationStatus() }, { _ = try care.check() },
            { try care.export(to: place.path("x.csv"), as: .csv, continuing: false) { _, _ in } },
            { try place.care("b.db").restore(from: care.path, replacing: false) { _ in } },
        ] {
            let error = #expect(throws: OperationError.self) { try body() }
            #expect(error?.description.contains("99 (from the future)") == true)
        }
        var settings = Settings()
        settings.databaseURL = .memory
        #expect(throws: OperationError.self) { try DatabaseMaintenance(settings) }
    }

    @Test("leave a database alone that a service has, and read beside it")
    func inUse() throws {
        let place = try Place()
        let care = try place.filled(10)
        let service = try Database(.init(.file(care.path)))
        defer { service.close() }
        for body in [
            { _ = try care.migrate() },
            { try care.restore(from: place.path("b.db"), replacing: true) { _ in } },
            { _ = try care.importComments(from: place.path("a.csv"), as: nil) { _, _ in } },
        ] {
            try care.backup(to: place.path("b.db")) { _ in }
            try? FileManager.default.removeItem(atPath: place.path("a.csv"))
            try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
            let error = #expect(throws: OperationError.self) { try body() }
            #expect(error?.description == "\(care.path) is in use: stop the service first")
        }
        #expect(try care.check() == [])
        #expect(try care.migrationStatus().count == Migration.all.count)
    }
}
