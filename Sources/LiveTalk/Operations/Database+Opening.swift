import CraneSQLite

extension Database {
    /// Opens LiveTalk's database to write; one of a newer version or of another application is refused as it is.
    static func opening(_ configuration: Configuration) throws(DatabaseError) -> Database {
        // Opening it to write would turn the file to WAL mode.
        if case .file(let path) = configuration.location { try refuseForeign(path) }
        return try Database(configuration)
    }

    private static func refuseForeign(_ path: String) throws(DatabaseError) {
        let origin: DatabaseOrigin
        do {
            let snapshot = try DatabaseSnapshot(path: path)
            defer { snapshot.close() }
            origin = try DatabaseOrigin(snapshot)
            if origin == .liveTalk { _ = try snapshot.migrationStatus(of: Migration.all) }
        } catch let error as DatabaseError where [.newerVersion, .migrationChanged].contains(error.kind) {
            throw error
        } catch {
            // Whatever else is wrong, opening it to write tells; a file that is missing is made.
            return
        }
        if let refusal = origin.refusal { throw DatabaseError(.other, message: refusal) }
    }
}
