import CraneSQLite
import Glibc
import Testing

@Suite("A snapshot")
struct SnapshotTests {
    func count(_ snapshot: DatabaseSnapshot) throws -> Int {
        try snapshot.read { connection in
            let statement = try connection.prepare("SELECT count(*) AS total FROM item")
            _ = try statement.step()
            return try statement.int("total")
        }
    }

    @Test("stays what it is while writes go on")
    func state() async throws {
        let store = try Store()
        _ = try await store.database.write { try $0.insert("before") }
        let snapshot = try store.database.snapshot()
        _ = try await store.database.write { try $0.insert("after") }
        #expect(try count(snapshot) == 1)
        expect(.readOnly) { _ = try snapshot.read { try $0.insert("no") } }
        snapshot.close()
        expect(.closed) { _ = try count(snapshot) }
        #expect(try store.database.count() == 2)
    }

    @Test("of a database in memory is a copy")
    func memory() async throws {
        let database = try Database(.init(.memory))
        try database.migrate(Store.migrations)
        _ = try await database.write { try $0.insert("before") }
        let snapshot = try database.snapshot()
        _ = try await database.write { try $0.insert("after") }
        #expect(try count(snapshot) == 1)
        expect(.readOnly) { _ = try snapshot.read { try $0.insert("no") } }
        let directory = try TemporaryDirectory()
        try snapshot.backup(to: directory.file("copy.db"))
        #expect(try count(DatabaseSnapshot(path: directory.file("copy.db"))) == 1)
    }

    @Test("becomes a backup that is whole and consistent, while writes go on")
    func backup() async throws {
        let store = try Store()
        let text = String(repeating: "x", count: 2000)
        for number in 0..<200 {
            _ = try await store.database.write { try $0.insert("\(number) \(text)") }
        }
        let path = store.directory.file("backup.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 200..<400 {
                    _ = try await store.database.write { try $0.insert("\(number) \(text)") }
                }
            }
            var parts: [Double] = []
            let snapshot = try store.database.snapshot()
            let expected = try count(snapshot)
            try snapshot.backup(to: path) { parts.append($0) }
            snapshot.close()
            #expect(parts.last == 1 && parts == parts.sorted())
            let copy = try DatabaseSnapshot(path: path)
            #expect(try copy.problems() == [])
            #expect(try count(copy) == expected)
            copy.close()
            try await group.waitForAll()
        }
        #expect(!store.directory.exists("backup.db.partial"))
        #expect(!store.directory.exists("backup.db-wal"))
        // A second backup replaces the first, and can be served.
        try store.database.snapshot().backup(to: path)
        let restored = try Database(.init(.file(path)))
        #expect(try restored.count() == 400)
        restored.close()
    }

    @Test("is backed up to a place once at a time, and what a dead process left there is taken over")
    func oneBackupAtATime() throws {
        let store = try Store { $0.walBytes = 1 << 30 }
        try store.database.transaction { connection in
            for number in 0..<2000 {
                _ = try connection.insert("\(number) \(String(repeating: "x", count: 1000))")
            }
        }
        let path = store.directory.file("backup.db")
        let left = unsafe fopen(path + ".partial", "w")
        _ = unsafe fputs("what is left of an earlier one", left)
        unsafe fclose(left)
        let (one, other) = (try store.database.snapshot(), try store.database.snapshot())
        var refused = 0
        try one.backup(to: path) { part in
            guard part < 1 else { return }
            expect(.busy) { try other.backup(to: path) }
            refused += 1
        }
        #expect(refused > 0)
        let copy = try DatabaseSnapshot(path: path)
        #expect(try copy.problems() == [])
        #expect(try count(copy) == 2000)
        copy.close()
        try other.backup(to: path)
        #expect(!store.directory.exists("backup.db.partial"))
    }

    @Test("is not put beside the log of another database")
    func foreignLog() throws {
        let store = try Store()
        let path = store.directory.file("backup.db")
        unsafe fclose(fopen(path + "-wal", "w"))
        expect(.cannotOpen) { try store.database.snapshot().backup(to: path) }
        #expect(!store.directory.exists("backup.db") && store.directory.exists("backup.db-wal"))
        #expect(!store.directory.exists("backup.db.partial"))
    }

    @Test("refuses to overwrite the database itself, and a place where nothing can be written")
    func badTargets() throws {
        let store = try Store()
        let snapshot = try store.database.snapshot()
        expect(.cannotOpen) { try snapshot.backup(to: store.path) }
        expect(.cannotOpen) { try snapshot.backup(to: store.directory.file("missing/backup.db")) }
        #expect(try store.database.count() == 0)
    }

    @Test("of a file that is not there is refused, and makes none")
    func missing() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: DatabaseError.self) {
            _ = try DatabaseSnapshot(path: directory.file("none.db"))
        }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.message == "unable to open database file: No such file or directory")
        #expect(!directory.exists("none.db"))
    }

    @Test("finds rows without their parent, and nothing in a sound file")
    func problems() async throws {
        let store = try Store()
        #expect(try store.database.snapshot().problems() == [])
        try store.database.migrate(
            Store.migrations + [
                Migration(2, "parts", sql: "CREATE TABLE part (item INTEGER REFERENCES item)")
            ])
        store.database.close()
        let connection = try TestConnection(store.path)
        connection.execute("PRAGMA foreign_keys = OFF; INSERT INTO part VALUES (7)")
        connection.close()
        let snapshot = try DatabaseSnapshot(path: store.path)
        #expect(try snapshot.problems() == ["row 1 of part refers to a missing row of item"])
    }
}
