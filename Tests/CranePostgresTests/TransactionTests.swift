import TestSupport
import Testing

@testable import CranePostgres

private struct Refused: Error {}

@Suite("Transactions, notifications and migrations of PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct TransactionTests {
    @Test("all of a transaction is kept, or nothing")
    func allOrNothing() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE account (name text PRIMARY KEY, balance int8 NOT NULL)")
        try await database.transaction { transaction in
            try await transaction.execute("INSERT INTO account VALUES (\("ada"), \(5))")
            try await transaction.execute("INSERT INTO account VALUES (\("bob"), \(7))")
        }
        await #expect(throws: Refused.self) {
            try await database.transaction { transaction in
                try await transaction.execute("UPDATE account SET balance = 0")
                throw Refused()
            }
        }
        let broken = await failure {
            try await database.transaction { transaction in
                try await transaction.execute("UPDATE account SET balance = 0")
                // One that swallows an error commits nothing.
                _ = try? await transaction.execute("SELECT 1 / \(0)")
            }
        }
        #expect(broken?.kind == .refused)
        let rows = try await database.query("SELECT sum(balance)::int8 AS all FROM account")
        #expect(try rows[0].int("all") == 12)
    }

    @Test("statements that go together are kept together, or not at all")
    func together() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE pair (n int CHECK (n < 10))")
        let last = try await database.execute([
            "SELECT pg_advisory_xact_lock(1)", "INSERT INTO pair VALUES (\(1))",
            "INSERT INTO pair VALUES (\(2)) RETURNING n",
        ])
        #expect(try last[0].int("n") == 2)
        for place in 0..<3 {
            let statements = (0..<3).map { number -> PostgresQuery in
                number == place ? "INSERT INTO pair VALUES (\(11))" : "INSERT INTO pair VALUES (\(number))"
            }
            #expect(await failure { try await database.execute(statements) }?.sqlState == "23514")
        }
        #expect(try await database.query("SELECT count(*) AS n FROM pair")[0].int("n") == 2)
        #expect(await failure { try await database.execute([PostgresQuery]()) }?.kind == .refused)
    }

    @Test("writes that wait for the one connection come one after the other")
    func writesInTurn() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE tally (n int8 NOT NULL)")
        try await database.execute("INSERT INTO tally VALUES (0)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    if number % 2 == 0 {
                        try await database.execute("UPDATE tally SET n = n + 1")
                    } else {
                        try await database.transaction { transaction in
                            let n = try await transaction.execute("SELECT n FROM tally FOR UPDATE")[0].int(
                                "n")
                            try await transaction.execute("UPDATE tally SET n = \(n + 1)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.query("SELECT n FROM tally")[0].int("n") == 40)
    }

    @Test("transactions that cannot go side by side are tried again")
    func conflicts() async throws {
        let database = try openDatabase { $0.writeConnections = 4 }
        try await database.execute("CREATE TABLE tally (n int8 NOT NULL)")
        try await database.execute("INSERT INTO tally VALUES (0)")
        let attempts = Journal<Int>()
        try await database.transaction { transaction in
            attempts.note(1)
            try await transaction.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            let n = try await transaction.execute("SELECT n FROM tally")[0].int("n")
            // Another one comes in between, once.
            if attempts.entries.count == 1 { try await database.execute("UPDATE tally SET n = n + 10") }
            try await transaction.execute("UPDATE tally SET n = \(n + 1)")
        }
        #expect(attempts.entries.count == 2)
        #expect(try await database.query("SELECT n FROM tally")[0].int("n") == 11)
    }

    @Test("what only the commit finds out is the write's error")
    func deferred() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE room (id int PRIMARY KEY)")
        try await database.execute(
            "CREATE TABLE seat (room int REFERENCES room DEFERRABLE INITIALLY DEFERRED)")
        let lonely = await failure { try await database.execute("INSERT INTO seat VALUES (1)") }
        #expect(lonely?.kind == .constraint && lonely?.sqlState == "23503")
        #expect(try await database.query("SELECT 1 FROM seat").isEmpty)
    }

    @Test("notifications come, also after the listener's connection has ended")
    func notifications() async throws {
        let database = try openDatabase()
        let heard = Journal<PostgresNotification>()
        let listening = Task {
            for await notification in database.notifications(on: "news", "a \"quoted\" name") {
                heard.note(notification)
            }
        }
        try await heard.wait { $0 == [.listening] }
        try await database.execute("SELECT pg_notify('news', 'first'), pg_notify('a \"quoted\" name', '')")
        try await heard.wait { $0.contains(.notified(channel: "a \"quoted\" name", payload: "")) }
        try await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        try await heard.wait { $0.count { $0 == .listening } == 2 }
        try await database.execute("NOTIFY news, 'second'")
        try await heard.wait { $0.last == .notified(channel: "news", payload: "second") }
        listening.cancel()
        await listening.value
    }

    @Test("of several programs that migrate at once each step is run by one")
    func migrations() async throws {
        let configuration = try PostgresConfiguration(PostgresServer.shared().database())
        let steps = [
            PostgresMigration(1, "first", sql: "CREATE TABLE a (n int); INSERT INTO a VALUES (1)"),
            PostgresMigration(2, "second", sql: "UPDATE a SET n = n + 1 WHERE pg_sleep(0.1) IS NOT NULL"),
        ]
        #expect(try configuration.missingMigrations(of: steps) == steps)
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try configuration.migrate(steps).count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(applied.sorted() == [0, 0, 0, 2])
        let database = PostgresClient(configuration)
        #expect(try await database.query("SELECT n FROM a")[0].int("n") == 2)
        #expect(try configuration.missingMigrations(of: steps).isEmpty)
        #expect(await failure { try configuration.migrate([steps[0]]) }?.kind == .newerVersion)
        let changed = [steps[0], PostgresMigration(2, "second", sql: "SELECT 1")]
        #expect(await failure { try configuration.migrate(changed) }?.kind == .migrationChanged)
        let bad = steps + [PostgresMigration(3, "third", sql: "CREATE TABLE b (n int); SELECT 1 / 0")]
        #expect(await failure { try configuration.migrate(bad) }?.sqlState == "22012")
        #expect(await failure { _ = try await database.query("SELECT 1 FROM b") }?.sqlState == "42P01")
    }
}
