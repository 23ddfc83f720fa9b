import CraneSQLite

extension Migration {
    /// How many comments each block of 4096 ids holds, so that a page far down the list is found without walking there.
    ///
    /// A block is counted once the ids have passed it; every block below the highest counted one is counted, or empty.
    static let commentCounts = Migration(
        4, "blocks",
        sql: """
            CREATE TABLE comment_block (block INTEGER PRIMARY KEY, total INTEGER NOT NULL);
            INSERT INTO comment_block
                SELECT id >> 12, count(*) FROM comment
                WHERE id < (SELECT max(id) >> 12 << 12 FROM comment) GROUP BY id >> 12;
            CREATE TRIGGER comment_block_pass AFTER INSERT ON comment WHEN new.id & 4095 = 0 BEGIN
                INSERT INTO comment_block
                    SELECT id >> 12, count(*) FROM comment
                    WHERE id < new.id
                        AND id >= (SELECT ifnull(max(block), -2251799813685249) + 1 FROM comment_block) << 12
                    GROUP BY id >> 12;
            END;
            CREATE TRIGGER comment_block_insert AFTER INSERT ON comment
            WHEN new.id < (SELECT (max(block) + 1) << 12 FROM comment_block) BEGIN
                INSERT INTO comment_block VALUES (new.id >> 12, 1) ON CONFLICT DO UPDATE SET total = total + 1;
            END;
            CREATE TRIGGER comment_block_delete AFTER DELETE ON comment BEGIN
                UPDATE comment_block SET total = total - 1 WHERE block = old.id >> 12;
            END;
            """)
}
