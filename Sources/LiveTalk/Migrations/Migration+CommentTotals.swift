import CraneSQLite

extension Migration {
    /// How many comments the blocks of `comment_block` hold together, in ever larger ranges: 64 blocks, 64 of those, and 64 of these, a billion
    /// ids. So a page far down is found by some totals of each, however many blocks there are.
    ///
    /// A block is counted once in 4,096 posts, and a deletion changes one: the triggers cost a post nothing. With an upsert in them SQLite would
    /// keep what undoes each post alone, 4,000 instructions of it; one UPDATE with OR in the place of three would be four times as dear.
    static let commentTotals = Migration(
        15, "totals",
        sql: """
            CREATE TABLE comment_total (
                level INTEGER NOT NULL, node INTEGER NOT NULL, total INTEGER NOT NULL, PRIMARY KEY (level, node)
            ) WITHOUT ROWID;
            INSERT INTO comment_total
                SELECT level, block >> 6 * level AS node, sum(total)
                FROM comment_block CROSS JOIN (SELECT 1 AS level UNION ALL SELECT 2 UNION ALL SELECT 3)
                GROUP BY level, node;
            CREATE TRIGGER comment_block_insert AFTER INSERT ON comment_block BEGIN
                INSERT INTO comment_total
                    SELECT column1, new.block >> 6 * column1, 0 FROM (VALUES (1), (2), (3))
                    WHERE NOT EXISTS (
                        SELECT 1 FROM comment_total WHERE level = column1 AND node = new.block >> 6 * column1);
                UPDATE comment_total SET total = total + new.total WHERE level = 1 AND node = new.block >> 6;
                UPDATE comment_total SET total = total + new.total WHERE level = 2 AND node = new.block >> 12;
                UPDATE comment_total SET total = total + new.total WHERE level = 3 AND node = new.block >> 18;
            END;
            CREATE TRIGGER comment_block_update AFTER UPDATE OF total ON comment_block BEGIN
                UPDATE comment_total SET total = total + new.total - old.total WHERE level = 1 AND node = new.block >> 6;
                UPDATE comment_total SET total = total + new.total - old.total WHERE level = 2 AND node = new.block >> 12;
                UPDATE comment_total SET total = total + new.total - old.total WHERE level = 3 AND node = new.block >> 18;
            END;
            """)
}
