import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

extension OperationTests {
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
}
