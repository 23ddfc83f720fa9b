import CraneSQLite

extension Migration {
    /// What authors want to be called, and the way from a participant to what they wrote.
    static let authorNames = Migration(
        11, "author names",
        sql: """
            ALTER TABLE author ADD COLUMN name TEXT;
            CREATE INDEX idx_author_participant ON author (participant);
            """)
}
