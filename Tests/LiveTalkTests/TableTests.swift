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
            Migration(2, "users", creating: UserEntry.table),
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

    /// What the triggers keep: the blocks with their totals, and what the search has to index anew.
    private func kept(_ connection: Connection) throws -> [String] {
        let rows = try connection.prepare(
            """
            SELECT 'block ' || block || ': ' || total AS line FROM comment_block
                UNION ALL SELECT 'stale ' || id FROM comment_search_stale ORDER BY line
            """)
        var lines: [String] = []
        while try rows.step() { lines.append(try rows.text("line")) }
        return lines
    }

    @Test("count each comment in its block, and know of one that comes back that it is to be indexed")
    func inserts() throws {
        let database = try database(Migration.all)
        defer { database.close() }
        try database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO comment (talk_id, user_ip, comment_text, created_at, updated_at)
                    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 9000)
                    SELECT 1, '::1', 'text', n, n FROM number
                """)
            #expect(try kept(connection) == ["block 0: 4095", "block 1: 4096"])
            while try SearchIndex.extend(connection, bytes: .max) {}
            try connection.execute(
                """
                CREATE TABLE gone AS SELECT * FROM comment WHERE id IN (7, 4999, 5001, 8999);
                DELETE FROM comment WHERE id IN (7, 4999, 5001, 8999);
                """)
            #expect(try kept(connection) == ["block 0: 4094", "block 1: 4094"])
            try connection.execute("INSERT OR FAIL INTO comment SELECT * FROM gone")
            let stale = ["stale 4999", "stale 5001", "stale 7", "stale 8999"]
            #expect(try kept(connection) == ["block 0: 4095", "block 1: 4096"] + stale)
            // A whole block that was emptied, and its first comment again.
            try connection.execute("DELETE FROM comment WHERE id < 4096")
            try connection.execute("INSERT INTO comment SELECT * FROM gone WHERE id = 7")
            #expect(try kept(connection) == ["block 0: 1", "block 1: 4096"] + stale)
        }
    }

    @Test("count blocks in ever larger ranges, those too that were there before")
    func totals() throws {
        let database = try database(Array(Migration.all.dropLast()))
        defer { database.close() }
        try database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO comment_block VALUES
                    (-300000, 1), (-1, 2), (0, 3), (63, 4), (64, 5), (4095, 6), (4096, 7), (262144, 8)
                """)
        }
        try database.migrate(Migration.all)
        try database.transaction { connection in
            #expect(try wrongTotals(connection) == 0)
            try connection.execute(
                """
                INSERT INTO comment_block VALUES (-2, 10), (65, 20), (1000000, 30);
                UPDATE comment_block SET total = total - 1 WHERE block IN (-300000, 64, 4096);
                """)
            #expect(try wrongTotals(connection) == 0)
        }
    }

    private func wrongTotals(_ connection: Connection) throws -> Int {
        let counted = """
            SELECT level, block >> 6 * level AS node, sum(total) FROM comment_block
                CROSS JOIN (SELECT 1 AS level UNION ALL SELECT 2 UNION ALL SELECT 3) GROUP BY level, node
            """
        let kept = "SELECT level, node, total FROM comment_total"
        let row = try connection.prepare(
            """
            SELECT (SELECT count(*) FROM (\(counted) EXCEPT \(kept)))
                + (SELECT count(*) FROM (\(kept) EXCEPT \(counted))) AS wrong
            """ as String)
        return try row.step() ? row.int("wrong") : -1
    }
}
