import CraneSQLite

extension Database {
    /// Opens LiveTalk's database to write; one of a newer version or of another application is refused as it is.
    static func opening(_ configuration: Configuration) throws(DatabaseError) -> Database {
        try Database(configuration, checking: refuseForeign)
    }

    private static func refuseForeign(_ connection: Connection) throws(DatabaseError) {
        let origin: DatabaseOrigin
        do {
            origin = try DatabaseOrigin(connection)
            if origin == .liveTalk { _ = try connection.migrationStatus(of: Migration.all) }
        } catch  where [.newerVersion, .migrationChanged].contains(error.kind) {
            throw error
        } catch {
            // Whatever else is wrong, opening it to write tells.
            return
        }
        if let refusal = origin.refusal { throw DatabaseError(.other, message: refusal) }
    }
}
