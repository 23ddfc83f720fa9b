import Crane
import CraneLoop
import CraneTesting
import TestSupport
import Testing

@testable import CranePostgres

@Suite("Connections to PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("a read is asked again when its connection ends, and the connection is opened again")
    func readsAgain() async throws {
        let database = try openDatabase { $0.readConnections = 1 }
        let pid = try await database.query("SELECT pg_backend_pid() AS pid")[0].int("pid")
        // The read waits for what the connection for writes holds, and until then has not been answered.
        try await database.execute("SELECT pg_advisory_lock(7)")
        async let slow = database.query("SELECT pg_backend_pid() AS pid FROM pg_advisory_lock_shared(7)")
        try await untilActive(pid, "pg_advisory_lock_shared") { try await database.execute($0) }
        try await database.execute("SELECT pg_terminate_backend(\(pid)::int)")
        try await database.execute("SELECT pg_advisory_unlock(7)")
        let other = try await slow[0].int("pid")
        #expect(other != pid)
        #expect(database.counters.retries == 1 && database.counters.lostConnections == 1)
    }

    @Test("nobody knows what became of a write whose connection ended; the next one works")
    func lostWrite() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE done (n int)")
        let pid = try await database.execute("SELECT pg_backend_pid() AS pid")[0].int("pid")
        async let lost = failure {
            try await database.execute("INSERT INTO done SELECT 1 FROM pg_sleep(30)")
        }
        try await untilActive(pid, "pg_sleep") { try await database.query($0) }
        _ = try await database.query("SELECT pg_terminate_backend(\(pid)::int)")
        let error = await lost
        // The server may have said so before it closed the connection.
        #expect(error?.kind == .connectionLost || error?.sqlState == "57P01")
        try await database.execute("INSERT INTO done VALUES (2)")
        #expect(try await database.query("SELECT n FROM done").map { try $0.int("n") } == [2])
    }

    /// Returns once the backend carries out a statement with `word` in it.
    private func untilActive(
        _ pid: Int, _ word: String, _ ask: (PostgresQuery) async throws -> PostgresRows
    ) async throws {
        let pattern = "%\(word)%"
        while try await ask(
            "SELECT 1 FROM pg_stat_activity WHERE pid = \(pid) AND query LIKE \(pattern) AND state = 'active'"
        ).isEmpty {
            try Task.checkCancellation()
        }
    }

    @Test("a statement, a lock and a connection have their time")
    func timeouts() async throws {
        let hasty = try openDatabase { $0.statementTimeout = .milliseconds(100) }
        let slow = await failure { _ = try await hasty.query("SELECT pg_sleep(60)") }
        #expect(slow?.kind == .tooLong && slow?.sqlState == "57014")
        let database = try openDatabase {
            $0.lockTimeout = .milliseconds(50)
            $0.writeConnections = 2
        }
        try await database.execute("CREATE TABLE held (n int)")
        try await database.transaction { transaction in
            try await transaction.execute("LOCK TABLE held")
            let waiting = await failure { try await database.execute("INSERT INTO held VALUES (1)") }
            #expect(waiting?.kind == .tooLong && waiting?.sqlState == "55P03")
        }
    }

    @Test("more statements than may wait are refused, and counted")
    func overload() async throws {
        let database = try openDatabase {
            $0.maximumWaiting = 3
            $0.readConnections = 1
        }
        let kinds = await withTaskGroup(of: PostgresError.Kind?.self) { group in
            for _ in 0..<8 {
                group.addTask { await failure { try await database.execute("SELECT pg_sleep(0.2)") }?.kind }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(kinds.contains(.overloaded))
        #expect(kinds.contains(nil))
        #expect(kinds.count { $0 == .overloaded } == database.counters.overloads)
    }

    @Test("where nobody listens it says so at once, without the password")
    func nobody() async throws {
        let secret = "postgresql://ada:topsecret@127.0.0.1:1/shop?connect_timeout=2"
        let database = PostgresClient(try PostgresConfiguration(secret))
        let error = await failure { _ = try await database.query("SELECT 1") }
        #expect(error?.kind == .unavailable)
        #expect(!"\(try #require(error))".contains("topsecret"))
        #expect("\(database.configuration)" == "postgresql://127.0.0.1:1/shop")
        let wrong = await failure { _ = try PostgresConfiguration("postgresql://ada:topsecret@[::1/x") }
        #expect(wrong?.kind == .invalidConfiguration && !"\(wrong as Any)".contains("topsecret"))
    }

    @Test("of several hosts the one that takes writes is used")
    func severalHosts() async throws {
        let server = try PostgresServer.shared()
        let url = try server.database()
        let name = try #require(url.split(separator: "/").last)
        let both = "host=/nowhere,\(server.directory) user=crane dbname=\(name)"
        let database = PostgresClient(try PostgresConfiguration(both))
        #expect(
            try await database.query("SHOW transaction_read_only")[0].text("transaction_read_only") == "off")
    }

    @Test("a password is checked, and a wrong one told without it")
    func passwords() async throws {
        let admin = try openDatabase()
        let name = try #require(admin.configuration.description.split(separator: "/").last)
        try await admin.execute(
            "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'open sesame'; EXCEPTION WHEN duplicate_object THEN END $$"
        )
        let directory = try PostgresServer.shared().directory
        func guest(_ password: String) throws -> PostgresClient {
            PostgresClient(
                try PostgresConfiguration(
                    "host=\(directory) user=guest dbname=\(name) password='\(password)'"))
        }
        let user = try await guest("open sesame").query("SELECT current_user::text AS name")
        #expect(try user[0].text("name") == "guest")
        let refused = await failure { _ = try await guest("open barley").query("SELECT 1") }
        #expect(refused?.kind == .unavailable && "\(refused as Any)".contains("authentication"))
        #expect(!"\(refused as Any)".contains("barley"))
    }

    @Test("a loop that ends tells those who wait, and closes its connections")
    func loopEnds() async throws {
        let database = try openDatabase()
        var app = App()
        app.get("/slow") { _ = try await database.query("SELECT pg_sleep(0.1)") }
        app.get("/away") {
            throw PostgresError(.unavailable, message: "nobody listens")
        }
        try await TestClient.live(app) { (client) async throws in
            #expect(try await client.get("/slow").status == .noContent)
            let away = try await client.get("/away")
            #expect(away.status == .serviceUnavailable && away.headers[.retryAfter] == "1")
            #expect(database.counters.connections > 0)
        }
        #expect(database.counters.connections == 0)
        database.close()
        #expect(await failure { _ = try await database.query("SELECT 1") }?.kind == .closed)
    }
}
