import CraneSQLite

/// Whose database a file is, by its tables.
enum DatabaseOrigin {
    case liveTalk
    /// One with comments that LiveTalk has not made, as the talk's FastAPI application does.
    case foreign
    /// One without a table of comments.
    case none

    static let advice = "it is another application's: livetalk import takes its comments over into a new one"

    /// Throws `newerVersion` and `migrationChanged` too.
    init(_ snapshot: DatabaseSnapshot) throws {
        let isMigrated = try snapshot.migrationStatus(of: Migration.all).contains { $0.appliedAt != nil }
        let hasComments = try snapshot.read { connection in
            let table = try connection.prepare(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'comment'")
            return try table.step()
        }
        self = hasComments ? (isMigrated ? .liveTalk : .foreign) : .none
    }
}
