import Synchronization
import TestSupport
import Testing

@testable import CraneSQLite

@Suite("Reads that would take for ever", .timeLimit(.minutes(2)))
struct InterruptTests {
    /// Has no end of its own.
    private static func count(_ connection: Connection) throws -> Int {
        let rows = try connection.prepare(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        _ = try rows.step()
        return rows.int(at: 0)
    }

    /// Starts a read and waits until it has begun.
    private func begin(
        _ database: Database, _ body: @escaping @Sendable (Connection) throws -> Int
    ) async throws -> Task<Int, any Error> {
        let begun = Journal<Void>()
        let reading = Task {
            try await onThread {
                try database.read { connection in
                    begun.note(())
                    return try body(connection)
                }
            }
        }
        try await begun.wait(forCount: 1)
        return reading
    }

    @Test("are interrupted when the database is closed, which keeps every write", arguments: [false, true])
    func close(inMemory: Bool) async throws {
        let directory = try TemporaryDirectory()
        let location: Database.Configuration.Location =
            inMemory ? .memory : .file(directory.file("store.db"))
        let database = try Database(Database.Configuration(location))
        try database.migrate(Store.migrations)
        let reading = try await begin(database) { connection in
            // An interrupt of one that is over does not count for the next.
            try connection.prepare("SELECT 1").run()
            return try Self.count(connection)
        }
        let writes = (0..<3).map { number in
            Task.immediate { try await database.write { try $0.insert("\(number)") } }
        }
        try await onThread { database.close() }
        for write in writes { _ = try await write.value }
        await expect(.cancelled) { _ = try await reading.value }
        expect(.closed) { _ = try database.count() }
        if !inMemory {
            let reopened = try Database(Database.Configuration(location))
            #expect(try reopened.count() == 3)
            reopened.close()
        }
    }

    private final class Switch: Sendable {
        let isOn = Atomic(false)
    }

    @Test("end when they are cancelled or have had their time, and the reader reads on")
    func cancelled() async throws {
        let store = try Store()
        let cancellation = Switch()
        let reading = try await begin(store.database) { connection in
            try connection.limited(
                to: .seconds(3600), unless: { cancellation.isOn.load(ordering: .relaxed) }
            ) { try Self.count(connection) }
        }
        cancellation.isOn.store(true, ordering: .relaxed)
        await expect(.cancelled) { _ = try await reading.value }
        #expect(try store.database.count() == 0)
        expect(.tooLong) {
            try store.database.read { connection in
                try connection.limited(to: .zero) { _ = try Self.count(connection) }
            }
        }
    }
}
