import CraneSQLite

extension Migration {
    /// What has happened in each talk: ids and kinds, never texts, numbered from 1 in the order of the commits.
    ///
    /// `prev` is the number of the last change before it that the audience may see; `change_epoch` has one row for the life of the
    /// file, and `origin` tells whether it is still that file.
    static let changes = Migration(
        8, "changes",
        sql: """
            CREATE TABLE change (
                talk_id INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                prev INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                is_open INTEGER NOT NULL,
                comment_id INTEGER,
                at INTEGER NOT NULL,
                PRIMARY KEY (talk_id, seq)
            ) WITHOUT ROWID;
            CREATE TABLE change_epoch (
                id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, origin TEXT NOT NULL
            );
            INSERT INTO change_epoch VALUES (1, random() & 4294967295, '');
            """)
}
