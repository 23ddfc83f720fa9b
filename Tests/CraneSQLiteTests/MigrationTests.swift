import CraneSQLite
import Testing

@Suite("Migrations")
struct MigrationTests {
    static let first = Migration(1, "first", sql: "CREATE TABLE one (a)")
    static let second = Migration(2, "second", sql: "CREATE TABLE two (b); INSERT INTO two VALUES (2)")

    func database() throws -> Database { try Database(.init(.memory)) }

    @Test("each migration runs once, in order")
    func once() throws {
        let database = try database()
        #expect(try database.migrate([Self.first]).map(\.number) == [1])
        #expect(try database.migrate([Self.first, Self.second]).map(\.number) == [2])
        #expect(try database.migrate([Self.first, Self.second]).isEmpty)
    }

    @Test("the status tells what has run, and when")
    func status() throws {
        let database = try database()
        #expect(try database.migrationStatus(of: [Self.first]).map(\.appliedAt) == [nil])
        try database.migrate([Self.first])
        let status = try database.migrationStatus(of: [Self.first, Self.second])
        #expect(status.map(\.name) == ["first", "second"])
        #expect(status[0].appliedAt?.count == "2026-01-01T00:00:00Z".count)
        #expect(status[1].appliedAt == nil)
    }

    @Test("a migration that reads differently from what ran is refused")
    func changed() throws {
        let database = try database()
        try database.migrate([Self.first])
        expect(.migrationChanged) {
            try database.migrate([Migration(1, "first", sql: "CREATE TABLE one (a, b)")])
        }
    }

    @Test("a migration slipped in before one that ran is refused")
    func slippedIn() throws {
        let database = try database()
        try database.migrate([Self.second])
        expect(.migrationChanged) { try database.migrate([Self.first, Self.second]) }
    }

    @Test("a database with nothing to run gets no table of migrations")
    func nothingToRun() throws {
        let directory = try TemporaryDirectory()
        let database = try Database(.init(.file(directory.file("other.db"))))
        try database.migrate([])
        let tables = try database.read { connection in
            let count = try connection.prepare("SELECT count(*) AS total FROM sqlite_schema")
            return try count.step() ? count.int("total") : -1
        }
        #expect(tables == 0)
        database.close()
    }

    @Test("a database of a newer version is refused")
    func newer() throws {
        let database = try database()
        try database.migrate([Self.first, Self.second])
        expect(.newerVersion) { try database.migrate([Self.first]) }
        expect(.newerVersion) { _ = try database.migrationStatus(of: [Self.first]) }
    }

    @Test("a migration that fails leaves nothing behind, and those before it stay")
    func failure() throws {
        let database = try database()
        let broken = Migration(2, "broken", sql: "CREATE TABLE two (b); INSERT INTO nowhere VALUES (1)")
        do {
            try database.migrate([Self.first, broken])
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.message == "migration 2 (broken): no such table: nowhere")
        }
        #expect(try database.migrate([Self.first, Self.second]).map(\.number) == [2])
    }

    @Test("a script that ends its transaction is refused")
    func commit() throws {
        let database = try database()
        expect(.other) { try database.migrate([Migration(1, "commit", sql: "CREATE TABLE one (a); COMMIT")]) }
    }

    @Test("a table that others refer to can be rebuilt, but no row may be left without its parent")
    func foreignKeys() async throws {
        let database = try database()
        let schema = Migration(
            1, "schema",
            sql: """
                CREATE TABLE parent (id INTEGER PRIMARY KEY); INSERT INTO parent VALUES (1);
                CREATE TABLE child (parent INTEGER REFERENCES parent); INSERT INTO child VALUES (1)
                """)
        let rebuild = Migration(
            2, "rebuild",
            sql: """
                CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO new (id) SELECT id FROM parent;
                DROP TABLE parent; ALTER TABLE new RENAME TO parent
                """)
        try database.migrate([schema, rebuild])
        expect(.constraint) {
            try database.migrate([schema, rebuild, Migration(3, "orphan", sql: "DELETE FROM parent")])
        }
        await expect(.constraint) {
            try await database.write { try $0.prepare("INSERT INTO child VALUES (9)").run() }
        }
    }
}
