import CraneSQLite

/// An import of comments into whichever database, a batch and a transaction at a time.
struct CommentImport {
    /// Takes over a batch or, when it throws, nothing of it; counts what it has done.
    typealias Take = ([RoomRecord], any CommentSource, inout ImportOutcome) throws -> Void

    /// How many comments go into one transaction, with a sync and a checkpoint for each.
    private static let batch = 20_000
    /// How much text goes into one, about: memory is bounded by this and by the longest record.
    private static let batchBytes = 4 << 20

    private let file: String
    private let source: any CommentSource
    private var next: [RoomRecord]
    /// What has been taken over.
    private(set) var outcome = ImportOutcome()

    /// Reads the first comments: a file in which nothing is right makes no database.
    init(_ file: String, _ format: TransferFormat?) throws(OperationError) {
        self.file = file
        source = try Self.source(file, format)
        next = try Self.batch(of: source, file, outcome)
    }

    /// Has the next batch taken over; false at the end.
    mutating func step(_ progress: (Int, Int) -> Void, _ take: Take) throws(OperationError) -> Bool {
        if next.isEmpty { return false }
        var after = outcome
        do { try take(next, source, &after) } catch { throw Self.ending(error, file, outcome) }
        outcome = after
        for record in next where record.comment.id.magnitude > ImportOutcome.highestSafeID {
            outcome.hasUnsafeIDs = true
        }
        progress(source.position.done, source.position.total)
        next = try Self.batch(of: source, file, outcome)
        return true
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

    static func contradiction(_ comment: Comment) -> String {
        "there is another comment \(comment.id) already"
    }

    /// Whether two comments are the same byte by byte; strings are equal also when only their spelling in Unicode differs.
    static func isSame(_ comment: Comment, _ other: Comment) -> Bool {
        Comment.schema.encode(comment) == Comment.schema.encode(other)
    }
}

extension ImportOutcome {
    /// Counts a comment that is there already; throws where another one is.
    mutating func count(known comment: Comment, as kept: Comment?) throws(OperationError) {
        guard let kept, CommentImport.isSame(comment, kept) else {
            throw OperationError(CommentImport.contradiction(comment))
        }
        known += 1
    }
}
