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
    /// How many comments go into one transaction, with a sync and a checkpoint for each.
    private static let batch = 20_000
    /// How much text goes into one, about: memory is bounded by this and by the longest record.
    private static let batchBytes = 4 << 20

    /// Takes over the comments of `file` with their ids and times; `-` is standard input.
    ///
    /// A file that is an SQLite database is read as such, whatever `format` says. Comments that are there already are
    /// passed over, so that an import that was interrupted is continued by starting it again; one that differs from the
    /// comment of its id ends the import. `progress` is told how much of how much has been read. Memory does not grow with
    /// the number of comments.
    public func importComments(
        from file: String, as format: TransferFormat?, progress: (Int, Int) -> Void
    ) throws(OperationError) -> ImportOutcome {
        let source = try Self.source(file, format)
        var committed = ImportOutcome()
        // A file in which nothing is right makes no database.
        var batch = try Self.batch(of: source, file, committed)
        return try withDatabase { database in
            try database.migrate(Migration.all)
            while !batch.isEmpty {
                do { try Self.take(batch, of: source, into: database, &committed) } catch {
                    throw Self.ending(error, file, committed)
                }
                progress(source.position.done, source.position.total)
                batch = try Self.batch(of: source, file, committed)
            }
            return committed
        }
    }

    private static func ending(_ error: any Error, _ file: String, _ committed: ImportOutcome)
        -> OperationError
    {
        OperationError(
            "\(OperationError(error, at: file)); new comments imported before that: \(committed.added)")
    }

    /// The next comments, of which each can be kept beside the others; none at the end.
    private static func batch(
        of source: any CommentSource, _ file: String, _ committed: ImportOutcome
    ) throws(OperationError) -> [RoomRecord] {
        do {
            let records = try source.next(batch, bytes: batchBytes)
            var places: [Int: Int] = [:]
            for (index, record) in records.enumerated() {
                let comment = record.comment
                if let objection = objection(to: record) {
                    throw OperationError("\(source.place(of: index)): \(objection)")
                }
                if let earlier = places[comment.id], !isSame(comment, records[earlier].comment) {
                    throw OperationError("\(source.place(of: index)): \(contradiction(comment))")
                }
                places[comment.id] = index
            }
            return records
        } catch {
            throw ending(error, file, committed)
        }
    }

    private static func objection(to record: RoomRecord) -> String? {
        let comment = record.comment
        // After the highest id of all SQLite gives no other (https://sqlite.org/autoinc.html).
        if comment.id == .max { return "id: \(comment.id) leaves none for new comments" }
        // So that an export of it can be read again, whatever its format.
        if comment.userIP.utf8.count + comment.text.utf8.count > RecordReader.textLimit {
            return "user_ip and comment_text: longer than 16 MiB"
        }
        if record.answer?.utf8.count ?? 0 > RecordReader.textLimit { return "answer: longer than 16 MiB" }
        if record.votes < 0 { return "votes: less than 0" }
        return nil
    }

    /// Takes over a batch or, when it throws, nothing of it.
    private static func take(
        _ records: [RoomRecord], of source: any CommentSource, into database: Database,
        _ committed: inout ImportOutcome
    ) throws {
        var outcome = committed
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
            if outcome.added > committed.added { try FeedEpoch.renew(connection) }
        }
        committed = outcome
    }

    private static func source(
        _ file: String, _ format: TransferFormat?
    ) throws(OperationError) -> any CommentSource {
        if file != "-", try TransferFile.isDatabase(file) {
            do { return try DatabaseSource(path: file) } catch { throw OperationError(error, at: file) }
        }
        let input = try TransferFile.reading(file)
        guard let format = format ?? TransferFormat(path: file) else {
            throw OperationError("\(file): say --format ndjson or --format csv")
        }
        return try RecordSource(input, format)
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
        if comment.id.magnitude > ImportOutcome.highestSafeID { outcome.hasUnsafeIDs = true }
        if let held = try HeldComment.find(comment.id, connection) {
            // Moderators have decided about it: it stays where it is.
            return try countKnown(comment, held, &outcome)
        }
        let insert = try connection.prepare(insertion)
        try insert.bind(members: comment)
        try insert.run()
        if connection.changes > 0 {
            outcome.added += 1
            try record.settle(connection)
        } else {
            try countKnown(comment, try connection.find(Comment.self, comment.id), &outcome)
        }
    }

    private static func contradiction(_ comment: Comment) -> String {
        "there is another comment \(comment.id) already"
    }

    private static func countKnown(
        _ comment: Comment, _ kept: Comment?, _ outcome: inout ImportOutcome
    ) throws(OperationError) {
        guard let kept, isSame(comment, kept) else { throw OperationError(contradiction(comment)) }
        outcome.known += 1
    }

    /// Whether two comments are the same byte by byte; strings are equal also when only their spelling in Unicode differs.
    private static func isSame(_ comment: Comment, _ other: Comment) -> Bool {
        Comment.schema.encode(comment) == Comment.schema.encode(other)
    }
}
