import CraneSQLite

/// Whose database a file is, by the migrations that it has run and by its tables.
enum DatabaseOrigin: Equatable {
    case liveTalk
    /// One with tables that LiveTalk has not made; with comments as the talk's FastAPI application makes it.
    case foreign(hasComments: Bool)
    /// One without any table: what a file of no bytes is, and what an interrupted first migration leaves.
    case empty

    init(_ snapshot: DatabaseSnapshot) throws {
        self = try snapshot.read { connection in try DatabaseOrigin(connection) }
    }

    init(_ connection: Connection) throws(DatabaseError) {
        let history = try connection.history(of: Migration.all)
        if history == .own {
            self = .liveTalk
            return
        }
        let rows = try connection.prepare("SELECT name FROM sqlite_schema")
        var names: [String] = []
        while try rows.step() { names.append(try rows.text("name")) }
        // SQLite's own tables stay when all others have been dropped.
        let own = names.filter { !$0.hasPrefix("sqlite_") && $0 != Migration.tableName }
        self =
            history == .none && own.isEmpty
            ? .empty : .foreign(hasComments: names.contains { $0.lowercased() == "comment" })
    }

    /// What an operator is told of a database that is left as it is; `nil` for one that may be worked on.
    var refusal: String? {
        guard case .foreign(let hasComments) = self else { return nil }
        let advice = ": livetalk import takes its comments over into a new one"
        return "it is another application's database" + (hasComments ? advice : "")
    }
}
