import TestSupport
import Testing

@testable import CranePostgres

@Suite("PostgreSQL behind PgBouncer", .needsPostgres, .needsPgBouncer, .timeLimit(.minutes(5)))
struct PoolerTests {
    /// A client behind a pooler before a new database, with what must outlive it.
    private func behind(_ mode: String) throws -> (client: PostgresClient, pooler: PgBouncer) {
        let server = try PostgresServer.shared()
        let pooler = try PgBouncer(server, mode: mode)
        return (PostgresClient(try PostgresConfiguration(pooler.url(of: server.database()))), pooler)
    }

    @Test(
        "statements of many are answered each with its own, whichever process of the server has them",
        arguments: ["session", "transaction"])
    func statements(_ mode: String) async throws {
        let (client, pooler) = try behind(mode)
        defer { client.close() }
        try await client.execute("CREATE TABLE item (n bigint)")
        let other = PostgresClient(client.configuration)
        defer { other.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let database = number % 2 == 0 ? client : other
                group.addTask {
                    // Each client's first statement would have the first name.
                    let rows =
                        number % 2 == 0
                        ? try await database.query("SELECT \(number) + 1 AS n")
                        : try await database.query("SELECT \(number) + 2 AS n")
                    #expect(try rows[0].int("n") == number + (number % 2 == 0 ? 1 : 2))
                    try await database.transaction { transaction in
                        try await transaction.execute("INSERT INTO item VALUES (\(number))")
                        try await transaction.execute("INSERT INTO item VALUES (\(-number))")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await client.query("SELECT count(*) AS n FROM item")[0].int("n") == 400)
        try await client.execute([
            "INSERT INTO item VALUES (1000)", "UPDATE item SET n = 1001 WHERE n = 1000",
        ])
        #expect(try await client.query("SELECT 1 FROM item WHERE n = 1001").count == 1)
        withExtendedLifetime(pooler) {}
    }

    @Test("whether notifications come through is found out")
    func notifications() async throws {
        let direct = try openDatabase()
        #expect(await direct.hearsNotifications(within: .seconds(60)) == true)
        let (session, first) = try behind("session")
        #expect(await session.hearsNotifications(within: .seconds(60)) == true)
        let (transaction, second) = try behind("transaction")
        // None comes, however long one waits.
        #expect(await transaction.hearsNotifications(within: .seconds(2)) == false)
        let nowhere = PostgresClient(try PostgresConfiguration("postgresql://127.0.0.1:1/none"))
        #expect(await nowhere.hearsNotifications(within: .milliseconds(50)) == nil)
        for client in [session, transaction, nowhere] { client.close() }
        withExtendedLifetime((first, second)) {}
    }

    @Test("what a migration says of time-outs holds for nobody else")
    func migrates() async throws {
        let (client, pooler) = try behind("transaction")
        defer { client.close() }
        let configuration = client.configuration
        let migrations = [PostgresMigration(1, "item", sql: "CREATE TABLE item (n bigint)")]
        #expect(try configuration.migrate(migrations).count == 1)
        #expect(try configuration.migrate(migrations).isEmpty)
        for _ in 0..<3 {
            #expect(try await client.query("SHOW lock_timeout")[0].text("lock_timeout") != "1min")
        }
        withExtendedLifetime(pooler) {}
    }
}
