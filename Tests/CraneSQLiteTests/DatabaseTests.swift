import CraneSystem
import Glibc
import Synchronization
import Testing

@testable import CraneSQLite

@Suite("A database")
struct DatabaseTests {
    @Test("what was written is there after closing and opening again")
    func reopening() async throws {
        let store = try Store()
        #expect(try await store.database.write { try $0.insert("kept") } == 1)
        store.database.close()
        // A closed database leaves one whole file.
        #expect(!store.directory.exists("store.db-wal"))
        let again = try Database(.init(.file(store.path)))
        #expect(try again.texts() == ["kept"])
        again.close()
    }

    @Test("in memory it reads and writes as in a file")
    func memory() async throws {
        let configuration = Database.Configuration(.memory)
        let database = try Database(configuration)
        try database.migrate(Store.migrations)
        #expect(try await database.write { try $0.insert("one") } == 1)
        #expect(try database.count(loop: 1) == 1)
        expect(.readOnly) { _ = try database.read { try $0.insert("two") } }
        #expect(try await database.write { try $0.insert("three") } == 2)
        database.close()
    }

    @Test("a read cannot change anything")
    func readOnlyReads() throws {
        let store = try Store()
        expect(.readOnly) { _ = try store.database.read { try $0.insert("text") } }
        expect(.readOnly) { try store.database.read { try $0.execute("DELETE FROM item") } }
        #expect(try store.database.count() == 0)
    }

    @Test("several statements of one read see one state, and the next read the newest")
    func snapshot() async throws {
        let store = try Store()
        #expect(try store.database.count() == 0)
        let id = try await store.database.write { try $0.insert("new") }
        #expect(try store.database.count(loop: 0) == 1)
        #expect(try store.database.count(loop: 1) == 1)
        #expect(id == 1)
    }

    @Test("a snapshot is kept while nothing is written, renewed after a commit")
    func snapshotIsKept() async throws {
        let store = try Store()
        let reader = store.database.readers.all[0]
        #expect(try store.database.count(loop: 0) == 0)
        let kept = reader.snapshot.load(ordering: .relaxed)
        #expect(kept != 0 && reader.connection?.isInTransaction == true)
        #expect(try store.database.count(loop: 0) == 0)
        #expect(reader.snapshot.load(ordering: .relaxed) == kept)
        _ = try await store.database.write { try $0.insert("new") }
        #expect(try store.database.count(loop: 0) == 1)
        #expect(reader.snapshot.load(ordering: .relaxed) > kept)
    }

    @Test("every reader sees each write that was answered, however many write and read at once")
    func readYourWrites() async throws {
        let store = try Store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                group.addTask {
                    for round in 0..<50 {
                        let text = "\(task)-\(round)"
                        let id = try await store.database.write { try $0.insert(text) }
                        let read = {
                            try store.database.read { connection in
                                let statement = try connection.prepare("SELECT text FROM item WHERE id = :id")
                                try statement.bind("id", id)
                                #expect(try statement.step() && statement.text("text") == text)
                            }
                        }
                        // Two of four on a loop, the others beside them.
                        if task % 2 == 0 {
                            try read()
                        } else {
                            try CurrentLoop.run(as: round % 2) { try read() }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.database.count() == 800)
    }

    @Test("after closing, reads and writes fail as closed")
    func closed() async throws {
        for store in [try Store()] {
            store.database.close()
            store.database.close()
            expect(.closed) { _ = try store.database.count() }
            expect(.closed) { try store.database.migrate(Store.migrations) }
            await expect(.closed) { _ = try await store.database.write { try $0.insert("late") } }
        }
        let database = try Database(.init(.memory))
        database.close()
        expect(.closed) { _ = try database.count() }
    }

    @Test("a second database on the same file is refused while the first is open")
    func secondDatabase() throws {
        let store = try Store()
        var configuration = Database.Configuration(.file(store.path))
        configuration.busyTimeout = .zero
        expect(.locked) { _ = try Database(configuration) }
        store.database.close()
        try Database(configuration).close()
    }

    @Test("a file that is no database, or not to be opened, is refused with a clear kind")
    func badFiles() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("text")
        let file = unsafe fopen(path, "w")
        _ = unsafe fputs(String(repeating: "This is not a database. ", count: 100), file)
        unsafe fclose(file)
        expect(.notADatabase) { _ = try Database(.init(.file(path))) }
        expect(.cannotOpen) { _ = try Database(.init(.file(directory.file("missing/store.db")))) }
        expect(.cannotOpen) { _ = try Database(.init(.file(directory.path))) }
    }

    @Test("a file is looked at before anything of it is changed, and stays as it is where that throws")
    func checking() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("books.db")
        let maker = try TestConnection(path)
        maker.execute("CREATE TABLE book (id INTEGER PRIMARY KEY)")
        maker.close()
        expect(.other) {
            _ = try Database(.init(.file(path))) { connection throws(DatabaseError) in
                expect(.readOnly) { _ = try connection.prepare("DELETE FROM book") }
                throw DatabaseError(.other, message: "it is full of books")
            }
        }
        let reader = try TestConnection(path)
        #expect(reader.texts("PRAGMA journal_mode") == ["delete"])
        reader.close()
        let database = try Database(.init(.file(path))) { connection throws(DatabaseError) in
            #expect(try connection.prepare("SELECT * FROM book").step() == false)
        }
        #expect(directory.exists("books.db-wal"))
        database.close()
    }
}
