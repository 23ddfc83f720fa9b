import Testing

@testable import CraneSQLite

@Suite("The write-ahead log")
struct CheckpointTests {
    @Test("stays bounded under writes while every loop reads")
    func bounded() async throws {
        let bound = 256 << 10
        let store = try Store {
            $0.loopReaders = 3
            $0.walBytes = bound
        }
        var longest = 0
        let text = String(repeating: "x", count: 3000)
        for round in 0..<100 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<10 {
                    group.addTask {
                        _ = try await store.database.write { try $0.insert("\(round) \(task) \(text)") }
                        _ = try store.database.count(loop: task % 3)
                    }
                }
                try await group.waitForAll()
            }
            longest = max(longest, store.database.counters.walBytes)
        }
        #expect(try store.database.count() == 1000)
        #expect(store.database.counters.checkpoints > 5)
        // A checkpoint falls due at the bound, after a batch; each read in its way costs another quarter,
        // until the writer waits for it.
        #expect(longest < bound * 5)
    }

    @Test("begins anew although a reader has kept its snapshot and rests")
    func idleSnapshot() async throws {
        let bound = 128 << 10
        let store = try Store {
            $0.loopReaders = 2
            $0.walBytes = bound
        }
        #expect(try store.database.count(loop: 1) == 0)
        let text = String(repeating: "x", count: 3000)
        for round in 0..<200 {
            _ = try await store.database.write { try $0.insert("\(round) \(text)") }
        }
        #expect(store.database.counters.walBytes < bound * 2)
        #expect(try store.database.count(loop: 1) == 200)
    }

    @Test("a reader in the middle of its rows keeps them, whatever is written and checkpointed")
    func readerInTheMiddle() async throws {
        let store = try Store { $0.loopReaders = 2 }
        for number in 0..<10 {
            _ = try await store.database.write { try $0.insert("\(number)") }
        }
        let reader = store.database.readers.all[1]
        let connection = try reader.begin()
        let rows = try connection.prepare("SELECT count(*) OVER () AS total FROM item")
        #expect(try rows.step())
        _ = try await store.database.write { try $0.execute("DELETE FROM item") }
        store.database.writer.checkpoint()
        var seen = 1
        while try rows.step() {
            seen += 1
            #expect(try rows.int("total") == 10)
        }
        #expect(seen == 10)
        reader.end()
        #expect(try store.database.count(loop: 1) == 0)
    }
}
