import Synchronization
import Testing

@testable import CraneSQLite

@Suite("The group commit")
struct GroupCommitTests {
    /// Holds the writer so that writes queue, and lets it go to take them all at once.
    func whileHeld(
        _ store: Store, queued count: Int, _ start: (inout ThrowingTaskGroup<Void, any Error>) -> Void
    ) async throws {
        let entered = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await store.database.write { _ in
                    entered.continuation.yield()
                    gate.wait()
                }
            }
            for await _ in entered.stream { break }
            start(&group)
            while store.database.counters.queueLength < count {
                await Task.yield()
            }
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test("writes that wait are committed together")
    func batch() async throws {
        let store = try Store()
        let before = store.database.counters
        try await whileHeld(store, queued: 20) { group in
            for number in 0..<20 {
                group.addTask { _ = try await store.database.write { try $0.insert("\(number)") } }
            }
        }
        let after = store.database.counters
        #expect(after.batches - before.batches == 2)
        #expect(after.writes - before.writes == 21)
        #expect(after.largestBatch == 20)
        #expect(after.queueLength == 0)
        #expect(try store.database.count() == 20)
    }

    @Test("a write that fails in a batch fails alone, and leaves nothing behind")
    func failingAlone() async throws {
        let store = try Store()
        _ = try await store.database.write { try $0.insert("taken") }
        try await whileHeld(store, queued: 12) { group in
            for number in 0..<10 {
                group.addTask { _ = try await store.database.write { try $0.insert("\(number)") } }
            }
            group.addTask {
                await expect(.constraint) {
                    try await store.database.write { connection in
                        _ = try connection.insert("undone")
                        _ = try connection.insert("taken")
                    }
                }
            }
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await store.database.write { connection in
                        _ = try connection.insert("undone too")
                        throw CancellationError()
                    }
                }
            }
        }
        #expect(try store.database.count() == 11)
        #expect(try !store.database.texts().contains("undone"))
        #expect(store.database.counters.failures == 2)
    }

    @Test("repeatable writes are run once, though one fails before it has changed anything")
    func repeatable() async throws {
        let store = try Store()
        let runs = AsyncStream.makeStream(of: Int.self)
        try await whileHeld(store, queued: 11) { group in
            for number in 0..<10 {
                group.addTask {
                    _ = try await store.database.write(isRepeatable: true) { connection in
                        runs.continuation.yield(number)
                        return try connection.insert("\(number)")
                    }
                }
            }
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await store.database.write(isRepeatable: true) { connection in
                        connection.note("never")
                        throw CancellationError()
                    }
                }
            }
        }
        #expect(try store.database.count() == 10)
        runs.continuation.finish()
        var numbers: [Int] = []
        for await number in runs.stream { numbers.append(number) }
        #expect(numbers.sorted() == Array(0..<10))
        #expect(store.database.counters.failures == 1)
    }

    @Test("of repeatable writes one that fails behind a change fails alone, and its notes and changes go")
    func repeatableFailure() async throws {
        let store = try Store()
        let told = Mutex<[String]>([])
        store.database.observeCommits { notes, _ in
            told.withLock { $0 += notes.compactMap { $0 as? String } }
        }
        try await whileHeld(store, queued: 12) { group in
            for number in 0..<10 {
                group.addTask {
                    _ = try await store.database.write(isRepeatable: true) { connection in
                        connection.note("\(number)")
                        return try connection.insert("\(number)")
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    await expect(.constraint) {
                        try await store.database.write(isRepeatable: true) { connection in
                            connection.note("undone")
                            _ = try connection.insert("undone")
                            _ = try connection.insert("undone")
                        }
                    }
                }
            }
        }
        let numbers = (0..<10).map(String.init)
        #expect(try store.database.texts().sorted() == numbers)
        #expect(told.withLock { $0.sorted() } == numbers)
        #expect(store.database.counters.failures == 2)
        #expect(store.database.counters.writes == 11)
    }

    @Test("the version of the content moves with every change and with all that is undone")
    func contentVersion() async throws {
        let store = try Store()
        let version: @Sendable (Connection) throws -> ContentVersion = { $0.contentVersion }
        let first = try await store.database.write(version)
        #expect(try await store.database.write(version) == first)
        let changed = try await store.database.write { connection in
            _ = try connection.insert("a")
            return connection.contentVersion
        }
        #expect(changed != first)
        #expect(try await store.database.write(version) == changed)
        let undone = Mutex<ContentVersion?>(nil)
        await expect(.constraint) {
            try await store.database.write { connection in
                _ = try connection.insert("b")
                undone.withLock { $0 = connection.contentVersion }
                _ = try connection.insert("a")
            }
        }
        let after = try await store.database.write(version)
        #expect(![first, changed, undone.withLock { $0 }].contains(after))
        let other = try Store()
        #expect(try await other.database.write(version) != first)
    }

    @Test("a write that fails on its own leaves nothing behind, and the next succeeds")
    func failingSingle() async throws {
        let store = try Store()
        await expect(.constraint) {
            try await store.database.write { connection in
                _ = try connection.insert("twice")
                _ = try connection.insert("twice")
            }
        }
        #expect(try store.database.count() == 0)
        #expect(try await store.database.write { try $0.insert("next") } == 1)
    }

    @Test("writes run in the order in which they were queued")
    func order() async throws {
        let store = try Store()
        let entered = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await store.database.write { _ in
                    entered.continuation.yield()
                    gate.wait()
                }
            }
            for await _ in entered.stream { break }
            for number in 0..<20 {
                group.addTask { _ = try await store.database.write { try $0.insert("\(number)") } }
                while store.database.counters.queueLength <= number {
                    await Task.yield()
                }
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(try store.database.texts() == (0..<20).map(String.init))
    }

    @Test("a write that is cancelled while it waits is withdrawn")
    func cancellation() async throws {
        let store = try Store()
        try await whileHeld(store, queued: 2) { group in
            group.addTask {
                let waiting = Task { _ = try await store.database.write { try $0.insert("withdrawn") } }
                while store.database.counters.queueLength < 1 {
                    await Task.yield()
                }
                waiting.cancel()
                // Answered while the writer is still held.
                await expect(.cancelled) { try await waiting.value }
                _ = try await store.database.write { try $0.insert("kept") }
            }
        }
        #expect(try store.database.texts() == ["kept"])
    }

    @Test("a write of a task that is cancelled already never runs")
    func cancelledBefore() async throws {
        let store = try Store()
        let task = Task {
            while !Task.isCancelled {
                await Task.yield()
            }
            _ = try await store.database.write { try $0.insert("never") }
        }
        task.cancel()
        await expect(.cancelled) { try await task.value }
        #expect(try store.database.count() == 0)
    }

    @Test("over its bound the queue refuses, and takes writes again when it has emptied")
    func overload() async throws {
        let store = try Store { $0.writeQueueBound = 3 }
        try await whileHeld(store, queued: 3) { group in
            for number in 0..<3 {
                group.addTask { _ = try await store.database.write { try $0.insert("\(number)") } }
            }
            group.addTask {
                while store.database.counters.queueLength < 3 {
                    await Task.yield()
                }
                await expect(.overloaded) { _ = try await store.database.write { try $0.insert("over") } }
            }
        }
        #expect(try await store.database.write { try $0.insert("again") } == 4)
    }

    @Test("a deferred constraint fails the write that breaks it, not the batch")
    func deferredConstraint() async throws {
        let store = try Store()
        _ = try await store.database.write { connection in
            try connection.execute(
                "CREATE TABLE part (item INTEGER REFERENCES item DEFERRABLE INITIALLY DEFERRED)")
        }
        try await whileHeld(store, queued: 2) { group in
            group.addTask { _ = try await store.database.write { try $0.insert("fine") } }
            group.addTask {
                await expect(.constraint) {
                    try await store.database.write { try $0.execute("INSERT INTO part VALUES (99)") }
                }
            }
        }
        #expect(try store.database.texts() == ["fine"])
    }

    @Test("a write that ends the transaction fails its whole batch, and the writer goes on")
    func brokenTransaction() async throws {
        let store = try Store()
        try await whileHeld(store, queued: 2) { group in
            for _ in 0..<2 {
                group.addTask {
                    await expect(.other) { try await store.database.write { try $0.execute("ROLLBACK") } }
                }
            }
        }
        // The batch of two has committed nothing, so it is not the largest.
        #expect(store.database.counters.largestBatch == 1)
        await expect(.other) { try await store.database.write { try $0.execute("COMMIT") } }
        #expect(try await store.database.write { try $0.insert("next") } == 1)
    }

    @Test("closing commits what has been queued")
    func closing() async throws {
        let store = try Store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { _ = try await store.database.write { try $0.insert("\(number)") } }
            }
            while store.database.counters.writes + UInt64(store.database.counters.queueLength) < 50 {
                await Task.yield()
            }
            store.database.close()
            try await group.waitForAll()
        }
        let again = try Database(.init(.file(store.path)))
        #expect(try again.count() == 50)
        again.close()
    }
}
