import CraneSQLite
import Glibc
import Testing

@Suite("A transaction on the caller's thread")
struct TransactionTests {
    private struct Mistake: Error {}

    @Test("is seen by the next read, whole")
    func commits() throws {
        let store = try Store()
        #expect(try store.database.count() == 0)
        let ids = try store.database.transaction { connection in
            [try connection.insert("one"), try connection.insert("two")]
        }
        #expect(ids == [1, 2])
        #expect(try store.database.texts() == ["one", "two"])
    }

    @Test("leaves nothing behind when its body throws, and the next one goes on")
    func undone() async throws {
        let store = try Store()
        #expect(throws: Mistake.self) {
            try store.database.transaction { connection in
                _ = try connection.insert("lost")
                throw Mistake()
            }
        }
        expect(.constraint) {
            try store.database.transaction { connection in
                _ = try connection.insert("twice")
                _ = try connection.insert("twice")
            }
        }
        _ = try await store.database.write { try $0.insert("kept") }
        #expect(try store.database.texts() == ["kept"])
    }

    @Test("keeps the log short however much it writes, and works in memory too")
    func checkpoints() throws {
        let store = try Store { $0.walBytes = 64 << 10 }
        let text = String(repeating: "x", count: 1000)
        for number in 0..<200 {
            try store.database.transaction { _ = try $0.insert("\(number) \(text)") }
        }
        #expect(store.database.counters.walBytes < 512 << 10)
        #expect(store.database.counters.checkpoints > 0)
        let memory = try Database(.init(.memory))
        try memory.migrate(Store.migrations)
        _ = try memory.transaction { try $0.insert("one") }
        #expect(try memory.count() == 1)
        memory.close()
        expect(.closed) { _ = try memory.transaction { try $0.insert("late") } }
    }

    @Test("of a file that was moved away fails as moved")
    func moved() throws {
        let store = try Store()
        #expect(unsafe rename(store.path, store.path + ".away") == 0)
        expect(.moved) { _ = try store.database.transaction { try $0.insert("lost") } }
        #expect(unsafe rename(store.path + ".away", store.path) == 0)
        #expect(try store.database.count() == 0)
    }

    @Test("and the migrations can be asked beside the owner of the file")
    func status() throws {
        let store = try Store()
        let snapshot = try DatabaseSnapshot(path: store.path)
        let more = Store.migrations + [Migration(2, "more", sql: "CREATE TABLE more (id INTEGER)")]
        #expect(try snapshot.migrationStatus(of: more).map { $0.appliedAt != nil } == [true, false])
        expect(.newerVersion) { _ = try snapshot.migrationStatus(of: []) }
        snapshot.close()
    }
}
