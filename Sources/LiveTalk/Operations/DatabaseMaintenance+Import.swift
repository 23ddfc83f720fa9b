import CraneSQLite
import CraneSchema

/// What an import has done.
public struct ImportOutcome: Hashable, Sendable {
    /// Comments that are new.
    public internal(set) var added = 0
    /// Comments that were there already, the same in every part.
    public internal(set) var known = 0
    /// Whether ids are so high that JavaScript rounds them and those of the comments to come (ECMA-262, 21.1.2.6).
    public internal(set) var hasUnsafeIDs = false
    /// The highest whole number up to which it tells all apart.
    public static let highestSafeID = (1 << 53) - 1
}

extension DatabaseMaintenance {
    /// Takes over the comments of `file` with their ids and times; `-` is standard input.
    ///
    /// A file that is an SQLite database is read as such, whatever `format` says. Comments that are there already are
    /// passed over, so that an import that was interrupted is continued by starting it again; one that differs from the
    /// comment of its id ends the import. `progress` is told how much of how much has been read. Memory does not grow with
    /// the number of comments.
    public func importComments(
        from file: String, as format: TransferFormat?, progress: (Int, Int) -> Void
    ) throws(OperationError) -> ImportOutcome {
        var transfer = try CommentImport(file, format)
        return try withDatabase { database in
            try database.migrate(Migration.all)
            while try transfer.step(
                progress, { try Self.take($0, of: $1, into: database, &$2) })
            {}
            return transfer.outcome
        }
    }

    private static func take(
        _ records: [RoomRecord], of source: any CommentSource, into database: Database,
        _ outcome: inout ImportOutcome
    ) throws {
        let added = outcome.added
        try database.transaction { connection in
            for (index, record) in records.enumerated() {
                do {
                    try add(record, connection, &outcome)
                } catch let error as OperationError {
                    throw OperationError("\(source.place(of: index)): \(error)")
                }
            }
            while try SearchIndex.extend(connection, bytes: .max) {}
            // The log knows nothing of these: whoever follows a talk loads it anew.
            if outcome.added > added { try FeedEpoch.renew(connection) }
        }
    }

    private static let insertion = SQL(
        """
        INSERT INTO comment (\(Comment.table.columnList())) VALUES (\(Comment.table.parameterList))
        ON CONFLICT (id) DO NOTHING
        """)

    private static func add(_ record: RoomRecord, _ connection: Connection, _ outcome: inout ImportOutcome)
        throws
    {
        let comment = record.comment
        if let held = try HeldComment.find(comment.id, connection) {
            // Moderators have decided about it: it stays where it is.
            return try outcome.count(known: comment, as: held)
        }
        let insert = try connection.prepare(insertion)
        try insert.bind(members: comment)
        try insert.run()
        if connection.changes > 0 {
            outcome.added += 1
            try record.settle(connection)
        } else {
            try outcome.count(known: comment, as: try connection.find(Comment.self, comment.id))
        }
    }
}
