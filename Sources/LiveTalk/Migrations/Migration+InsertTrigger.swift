import CraneSQLite

extension Migration {
    /// One trigger for what the insert of a comment asks of the blocks and of the search's index, in the place of three.
    ///
    /// A trigger takes memory and cursors for all that it might do. So it only asks whether there is anything to be done, which there is not
    /// for a new comment, and a view without rows has what that would be.
    static let inserts = Migration(
        12, "inserts",
        sql: """
            DROP TRIGGER comment_block_pass;
            DROP TRIGGER comment_block_insert;
            DROP TRIGGER comment_search_insert;
            CREATE VIEW comment_entry AS SELECT 0 AS id WHERE 0;
            CREATE TRIGGER comment_entry_insert INSTEAD OF INSERT ON comment_entry BEGIN
                INSERT INTO comment_search_stale SELECT new.id
                    WHERE new.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1)
                        AND NOT EXISTS (SELECT 1 FROM comment_search_stale WHERE id = new.id);
                INSERT INTO comment_block SELECT new.id >> 12, 0
                    WHERE new.id < (SELECT (max(block) + 1) << 12 FROM comment_block)
                        AND NOT EXISTS (SELECT 1 FROM comment_block WHERE block = new.id >> 12);
                UPDATE comment_block SET total = total + 1 WHERE block = new.id >> 12;
                INSERT INTO comment_block
                    SELECT id >> 12, count(*) FROM comment
                    WHERE new.id & 4095 = 0 AND id < new.id
                        AND id >= (SELECT ifnull(max(block), -2251799813685249) + 1 FROM comment_block) << 12
                    GROUP BY id >> 12;
            END;
            CREATE TRIGGER comment_insert AFTER INSERT ON comment
            WHEN new.id & 4095 = 0
                OR new.id <= (SELECT indexed_id FROM comment_search_state WHERE id = 1)
                OR new.id < (SELECT (max(block) + 1) << 12 FROM comment_block) BEGIN
                INSERT INTO comment_entry VALUES (new.id);
            END;
            """)
}
