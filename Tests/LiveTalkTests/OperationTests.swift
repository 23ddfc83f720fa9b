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
    private final class Place {
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

    @Test("bring a backup back, and keep what is there unless told otherwise")
    func restore() throws {
        let place = try Place()
        let care = try place.filled(100)
        var parts: [Double] = []
        try care.backup(to: place.path("b.db")) { parts.append($0) }
        #expect(parts.last == 1)
        #expect(throws: OperationError.self) {
            try care.restore(from: place.path("b.db"), replacing: false) { _ in }
        }
        let database = try Database(.init(.file(care.path)))
        try database.transaction { try $0.execute("DELETE FROM comment") }
        database.close()
        try care.restore(from: place.path("b.db"), replacing: true) { _ in }
        #expect(try care.check() == [])
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        #expect(try place.text("a.csv").contains("\n300,"))
        // Neither a damaged backup nor something else gets in; a database beyond repair goes out.
        try place.write("no database", to: "c.db")
        #expect(throws: OperationError.self) {
            try care.restore(from: place.path("c.db"), replacing: true) { _ in }
        }
        #expect(try care.check() == [])
        try place.write(String(repeating: "rubbish", count: 1000), to: "comments.db")
        try care.restore(from: place.path("b.db"), replacing: true) { _ in }
        #expect(try care.check() == [])
    }

    @Test(
        "replace no device or FIFO by a backup or an export, and write neither over what belongs to a database"
    )
    func targets() throws {
        let place = try Place()
        let care = try place.filled(10)
        #expect(unsafe mkfifo(place.path("fifo"), 0o600) == 0)
        for name in ["fifo", "comments.db-journal", "comments.db"] {
            for body in [
                { try care.backup(to: place.path(name)) { _ in } },
                { try care.export(to: place.path(name), as: .csv, continuing: true) { _, _ in } },
            ] {
                #expect(throws: OperationError.self) { try body() }
            }
            #expect(!FileManager.default.fileExists(atPath: place.path(name + ".partial")))
        }

        #expect(try care.check() == [])
        let own = #expect(throws: OperationError.self) {
            try care.restore(from: care.path, replacing: true) { _ in }
        }
        #expect(own?.description.contains("is the database itself") == true)
        #expect(throws: OperationError.self) { try care.restore(from: "-", replacing: true) { _ in } }
    }

    @Test("send a backup to standard output whole")
    func standardOutput() throws {
        let place = try Place()
        _ = try place.filled(10)
        let command = try CommandProcess(
            ["backup", "-", "--database-url", "sqlite:///\(place.path("comments.db"))"],
            redirection: "> '\(place.path("copy.db"))'")
        let outcome = command.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try place.care("copy.db").check() == [])
    }

    @Test("do not bring back what is no backup of a LiveTalk database")
    func notABackup() throws {
        let place = try Place()
        let care = try place.filled(10)
        try place.write("", to: "empty.db")
        let error = #expect(throws: OperationError.self) {
            try care.restore(from: place.path("empty.db"), replacing: true) { _ in }
        }
        #expect(error?.description.contains("no backup of a LiveTalk database") == true)
        try place.fastAPI("talk.db")
        let other = #expect(throws: OperationError.self) {
            try care.restore(from: place.path("talk.db"), replacing: true) { _ in }
        }
        #expect(other?.description.contains("livetalk import") == true)
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        #expect(try place.text("a.csv").contains("\n30,"))
    }

    @Test("do not read what is left of an old database into the one brought back")
    func leftLog() throws {
        let place = try Place()
        let care = try place.filled(10)
        try care.backup(to: place.path("b.db")) { _ in }
        let database = try Database(.init(.file(care.path)))
        try database.transaction { try $0.execute("DELETE FROM comment") }
        let log = try Data(contentsOf: URL(filePath: care.path + "-wal"))
        #expect(!log.isEmpty)
        database.close()
        try FileManager.default.removeItem(atPath: care.path)
        try log.write(to: URL(filePath: care.path + "-wal"))
        let error = #expect(throws: OperationError.self) {
            try care.restore(from: place.path("b.db"), replacing: false) { _ in }
        }
        #expect(error?.description.contains("comments.db-wal exists already") == true)
        try care.restore(from: place.path("b.db"), replacing: true) { _ in }
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        #expect(try place.text("a.csv").contains("\n30,"))
    }

    @Test("and the service leave a database as it is that they refuse")
    func refusedUntouched() throws {
        let place = try Place()
        try place.fastAPI("talk.db")
        let newer = try Database(.init(.memory))
        try newer.migrate(Migration.all + [Migration(99, "from the future", sql: "SELECT 1")])
        try newer.snapshot().backup(to: place.path("newer.db"))
        newer.close()
        for (name, says) in [("talk.db", "livetalk import"), ("newer.db", "99 (from the future)")] {
            let before = try Data(contentsOf: URL(filePath: place.path(name)))
            let error = #expect(throws: OperationError.self) { try place.care(name).migrate() }
            #expect(error?.description.contains(says) == true)
            var settings = Settings()
            settings.databaseURL = .file(place.path(name))
            let start = #expect(throws: StartError.self) {
                try ServedTalk(settings, log: .standardError())
            }
            #expect(start.map { "\($0)".contains(says) } == true)
            #expect(try Data(contentsOf: URL(filePath: place.path(name))) == before)
        }
    }

    @Test("give what they restore to whom the old database belonged, or else its directory")
    func ownership() throws {
        let place = try Place()
        let care = try place.filled(10)
        try care.backup(to: place.path("b.db")) { _ in }
        func mode(_ name: String) throws -> (mode: Int, owner: Int) {
            let found = try FileManager.default.attributesOfItem(atPath: place.path(name))
            let mode = try #require(found[.posixPermissions] as? Int)
            return (mode, try #require(found[.ownerAccountID] as? Int))
        }
        // Only root can give files away.
        let owner = geteuid() == 0 ? 4711 : Int(geteuid())
        for name in ["", "comments.db"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: name.isEmpty ? 0o750 : 0o600, .ownerAccountID: owner],
                ofItemAtPath: place.path(name))
        }
        try care.restore(from: place.path("b.db"), replacing: true) { _ in }
        #expect(try mode("comments.db") == (0o600, owner))
        try place.care("new.db").restore(from: place.path("b.db"), replacing: false) { _ in }
        #expect(try mode("new.db") == (0o640, owner))
        // A backup is for no more eyes than its database.
        try care.backup(to: place.path("c.db")) { _ in }
        #expect(try mode("c.db") == (0o600, owner))
    }

    @Test("write comments down and take them over again, byte by byte", arguments: TransferFormat.allCases)
    func roundTrip(_ format: TransferFormat) async throws {
        let place = try Place()
        let care = try place.filled(3000)
        var seen: [Int] = []
        try care.export(to: place.path("one"), as: format, continuing: false) { done, total in
            seen.append(done)
            #expect(total == 3000)
        }
        #expect(seen.last == 3000)
        let other = try place.care("other.db")
        let outcome = try other.importComments(from: place.path("one"), as: format) { _, _ in }
        #expect(outcome == ImportOutcome(added: 3000, known: 0))
        try other.export(to: place.path("two"), as: format, continuing: false) { _, _ in }
        #expect(try place.text("one") == place.text("two"))
        let again = try other.importComments(from: place.path("two"), as: format) { _, _ in }
        #expect(again == ImportOutcome(added: 0, known: 3000))
        let database = try Database(.init(.file(other.path)))
        defer { database.close() }
        let store = SQLiteCommentStore(database)
        #expect(try store.matches(CommentSearch(text: "quoted", limit: 100)).count == 100)
        #expect(
            try await store.comments(CommentQuery(offset: 2990)).map(\.id) == (2991...3000).map { $0 * 3 })
    }

    @Test("go on with an export where it was cut off", arguments: TransferFormat.allCases)
    func resumed(_ format: TransferFormat) throws {
        let place = try Place()
        let care = try place.filled(60)
        try care.export(to: place.path("whole"), as: format, continuing: false) { _, _ in }
        let whole = Array(try place.text("whole").utf8)
        for length in stride(from: 0, through: whole.count, by: 61) {
            try Data(whole[..<length]).write(to: URL(filePath: place.path("part")))
            try care.export(to: place.path("part"), as: format, continuing: true) { _, _ in }
            #expect(try Array(place.text("part").utf8) == whole, "\(length)")
        }
        #expect(throws: OperationError.self) {
            try care.export(to: place.path("whole"), as: format, continuing: false) { _, _ in }
        }
    }

    @Test("adopt the database of the FastAPI application with its ids and times")
    func adoption() throws {
        let place = try Place()
        try place.fastAPI("talk.db")
        let care = try place.care()
        let outcome = try care.importComments(from: place.path("talk.db"), as: nil) { _, _ in }
        #expect(outcome == ImportOutcome(added: 2, known: 0))
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let lines = [
            "id,talk_id,user_ip,comment_text,created_at,updated_at",
            "3,1,::1,first,2025-11-22T10:27:46.435120Z,2025-11-23T00:00:00.000001Z",
            "9,2,::2,second,2025-11-22T10:27:46.000000Z,2025-11-22T10:27:46.500000Z", "",
        ]
        #expect(try place.text("a.csv") == lines.joined(separator: "\n"))
    }

    @Test(
        "name the line of what cannot be taken over, and keep what came before",
        arguments: [
            ("a.csv", "id,talk_id\n", "line 1"),
            ("a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,2,3\n", "line 2: 3 fields"),
            (
                "a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,x,a,b,c,d\n",
                "line 2: talk_id: not a whole number"
            ),
            (
                "a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,2,a,\"b\"c,d,e\n",
                "line 2: not CSV"
            ),
            ("a.ndjson", "\n{}\n", "line 2: id: Field required"), ("a.ndjson", "{\n", "line 1: "),
            ("a.ndjson", "\u{0}\n", "line 1: "), ("a.txt", "{}\n", "say --format"),
        ])
    func mistakes(_ name: String, _ content: String, _ says: String) throws {
        let place = try Place()
        try place.write(content, to: name)
        let error = #expect(throws: OperationError.self) {
            try place.care().importComments(from: place.path(name), as: nil) { _, _ in }
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test(
        "do not continue what is no export, and leave it as it is",
        arguments: [
            (TransferFormat.csv, "name,email\nann,a@b\n"), (.csv, "name,email"), (.csv, "name\n\"ann"),
            (.ndjson, "{\"id\":7,\"name\":1}"), (.ndjson, "my notes"), (.ndjson, "{}\n"),
        ])
    func foreignFile(_ format: TransferFormat, _ content: String) throws {
        let place = try Place()
        let care = try place.filled(3)
        try place.write(content, to: "mine")
        let error = #expect(throws: OperationError.self) {
            try care.export(to: place.path("mine"), as: format, continuing: true) { _, _ in }
        }
        #expect(error?.description.contains("no export to continue") == true)
        #expect(try place.text("mine") == content)
    }

    @Test("let no more read an export than the database")
    func exportMode() throws {
        let place = try Place()
        let care = try place.filled(3)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: care.path)
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let mode = try FileManager.default.attributesOfItem(atPath: place.path("a.csv"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("refuse the highest id of all, after which there is none for a new comment")
    func highestID() throws {
        let place = try Place()
        let care = try place.care()
        func line(_ id: Int) -> String {
            "\(id),1,::1,text,2025-11-22T10:27:46Z,2025-11-22T10:27:46Z\n"
        }
        let head = TransferFormat.columns.joined(separator: ",") + "\n"
        try place.write(head + line(1) + line(.max), to: "a.csv")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.csv"), as: nil) { _, _ in }
        }
        #expect(error?.description.contains("a.csv, line 3: id: 9223372036854775807") == true)
        try place.write(head + line(.max - 1), to: "b.csv")
        #expect(try care.importComments(from: place.path("b.csv"), as: nil) { _, _ in }.added == 1)
    }

    @Test("end a batch after some MiB of text, and say what was taken over before a mistake")
    func longTexts() throws {
        let place = try Place()
        let care = try place.care()
        let text = String(repeating: "x", count: 1 << 20)
        let head = TransferFormat.columns.joined(separator: ",") + "\n"
        let lines = (1...6).map { "\($0),1,::1,\(text),2025-11-22T10:27:46Z,2025-11-22T10:27:46Z\n" }
        try place.write(head + lines.joined() + "7,x\n", to: "a.csv")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.csv"), as: nil) { _, _ in }
        }
        #expect(
            error?.description == "\(place.path("a.csv")), line 8: 2 fields instead of 6; "
                + "new comments imported before that: 4")
    }

    @Test("take comments over from a pipe")
    func pipe() throws {
        let place = try Place()
        try place.filled(3).export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(try place.text("a.csv").utf8))
        try pipe.fileHandleForWriting.close()
        let outcome = try place.care("b.db").importComments(
            from: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)", as: .csv
        ) { _, _ in }
        #expect(outcome.added == 3)
    }

    @Test("do not put another comment in the place of one that is there")
    func conflict() throws {
        let place = try Place()
        let care = try place.filled(2)
        try place.write(
            #"{"id":3,"talk_id":1,"user_ip":"a","comment_text":"b","created_at":"2025-01-01T00:00:00Z","#
                + #""updated_at":"2025-01-01T00:00:00Z"}"#, to: "a.ndjson")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.ndjson"), as: nil) { _, _ in }
        }
        #expect(
            error?.description == "\(place.path("a.ndjson")), line 1: there is another comment 3 already; "
                + "new comments imported before that: 0")
    }
}
