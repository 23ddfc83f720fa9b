import CraneSQLite
import Testing

@testable import LiveTalk

@Suite("The tables")
struct TableTests {
    /// What a statement on the table depends on: its columns with their types, and which of them are indexed.
    private func structure(of name: String, _ database: Database) throws -> [String] {
        try database.transaction { connection in
            let columns = try connection.prepare(
                """
                SELECT name || ' ' || type || ' ' || "notnull" || ' ' || ifnull(dflt_value, '-') || ' ' || pk AS line
                FROM pragma_table_info('\(name)')
                """ as String)
            var lines: [String] = []
            while try columns.step() { lines.append(try columns.text("line")) }
            let indexes = try connection.prepare(
                """
                SELECT "unique" || ' ' || (SELECT group_concat(i.name) FROM pragma_index_info(l.name) AS i) AS line
                FROM pragma_index_list('\(name)') AS l ORDER BY line
                """ as String)
            while try indexes.step() { lines.append(try indexes.text("line")) }
            return lines
        }
    }

    private func database(_ migrations: [Migration]) throws -> Database {
        let database = try Database(Database.Configuration(.memory))
        try database.migrate(migrations)
        return database
    }

    @Test("that the migrations make are those of the types")
    func migrations() throws {
        let migrated = try database(Migration.all)
        let described = try database([
            Migration(1, "comments", creating: LiveTalk.Comment.table),
            Migration(2, "users", creating: UserStore.Entry.table),
        ])
        for name in ["comment", "user"] {
            let lines = try structure(of: name, migrated)
            #expect(lines.count > 5)
            #expect(try structure(of: name, described) == lines)
        }
        #expect(Migration.comments.sql == LiveTalk.Comment.table.sqliteSchema)
        migrated.close()
        described.close()
    }
}
