import Crane
import CranePostgres
import CraneSchema
import CraneService

/// Comments in PostgreSQL's table `comment`, of which several nodes may be the services.
///
/// Nothing is answered without a wait. Whoever writes holds one lock for all nodes, so that ids and changes are visible in the order of their
/// numbers.
final class PostgresCommentStore: CommentStore {
    let database: PostgresClient
    let now: @Sendable () -> Timestamp
    private let batches: PostgresBatches<CommentPost, CommentPost.Outcome>
    private let talkWords = PostgresTalkWords()
    /// Called after each commit that has changed something.
    private let changed: @Sendable () -> Void
    /// Where snippets are made.
    let longReads: WorkQueue

    /// The database's migrations must have been applied: see `PostgresMigration.liveTalk`.
    ///
    /// - Parameter changed: called after each commit that has changed something; any thread.
    init(
        _ database: PostgresClient, changed: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.changed = changed
        self.now = now
        batches = PostgresBatches(size: \.size) { posts throws(PostgresError) in
            let rows = try await database.execute([PostgresChangeLog.lock, CommentPost.insertion(of: posts)])
            var outcomes: [CommentPost.Outcome] = []
            for (post, row) in zip(posts, rows) { outcomes.append(try post.outcome(row)) }
            return outcomes
        }
        longReads = WorkQueue(places: 0..<2, waiting: 32)
    }

    func comment(_ id: Int) async throws -> Comment? {
        try await StoreError.translating {
            try await database.query(Self.finding(id)).rows(Comment.self).first
        }
    }

    func representation(of id: Int) -> Eventual<CommentRepresentation?> {
        // As `StoreError.translating`, less a function that waits: a read by id is asked for most.
        .pending { [database] in
            do {
                return try Self.representation(in: await database.query(Self.finding(id)))
            } catch let error as PostgresError {
                throw StoreError.translated(error)
            }
        }
    }

    private static func representation(in rows: PostgresRows) throws -> CommentRepresentation? {
        guard let row = rows.first else { return nil }
        let updatedAt = try row.timestamp("updated_at")
        let writer = try rows.writer(of: Comment.self)
        var isWritten = false
        let json = try JSONWriter.bytes(capacity: 256) { json in
            isWritten = try writer.write(0, to: &json, longest: LongBody.piece)
        }
        return isWritten ? .json(json, updatedAt: updatedAt) : .long(try row.row(Comment.self))
    }

    private static func finding(_ id: Int) -> PostgresQuery { PostgresQuery(finding, id) }

    private static let finding = "SELECT \(columns) FROM comment WHERE id = $1"

    /// The columns of a comment.
    static let columns = Comment.table.columns.map(\.name).joined(separator: ", ")
    private static let allColumns = Comment.table.columns.map { "comment.\($0.name)" }.joined(separator: ", ")

    func shortList(_ query: CommentQuery) -> CommentList? { nil }

    func longList(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        try await StoreError.translating {
            let rows = try await database.query(Self.selection(query))
            return try CommentListWriter.list(limit: query.limit, bound: CommentQuery.heldBytes) {
                list, json in
                let writer = try rows.writer(of: Comment.self)
                for (place, row) in rows.enumerated() {
                    let id = try writer.key(of: place)
                    if try list.isFull(json) || row.isNull("comment_text") {
                        list.skip(id: id)
                    } else {
                        _ = try list.append(id: id, to: &json) { json in try writer.write(place, to: &json) }
                    }
                }
            }
        }
    }

    /// The page, in which the texts behind the first `CommentQuery.heldBytes` are NULL: a page of them could be 100 MiB.
    private static func selection(_ query: CommentQuery) -> PostgresQuery {
        let isTop = query.order == .top
        let order = isTop ? "votes DESC, id" : query.order == .newest ? "id DESC" : "id"
        let (votes, join) =
            isTop
            ? (", coalesce(votes, 0) AS votes", "LEFT JOIN standing ON comment_id = id")
            : ("", "")
        let address = query.userIP.map { PostgresBytes(Array($0.utf8)) }
        return """
            SELECT id, talk_id, user_ip, CASE WHEN before < \(CommentQuery.heldBytes) THEN comment_text END AS comment_text,
                created_at, updated_at
            FROM (
                SELECT page.*, sum(octet_length(comment_text)) OVER (ORDER BY \(raw: order))
                    - octet_length(comment_text) AS before
                FROM (
                    SELECT \(raw: allColumns)\(raw: votes) FROM comment \(raw: join)
                    WHERE true\(and: "comment.talk_id =", query.talkID)\(and: "user_ip =", address)\(
                        and: query.order == .newest ? "id <" : "id >", query.after)
                    ORDER BY \(raw: order) LIMIT \(query.limit) OFFSET \(query.offset)
                ) AS page
            ) AS bounded ORDER BY \(raw: order)
            """
    }

    func insert(
        _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String?
    ) async throws -> Comment {
        var post = try await CommentPost(comment, at: now(), by: participant, named: name)
        // Others are judged by than by the present words only where these have just been changed, or are read for the first time.
        for _ in 0..<8 {
            post.judgement = talkWords.judge(comment.text, in: comment.talkID)
            let outcome = try await StoreError.translating { [post] in
                guard let key else { return try await batches.carryOut(post) }
                do {
                    return try await insert(post, key)
                } catch let error as PostgresError where [.connectionLost, .unavailable].contains(error.kind)
                {
                    // It finds what the first attempt has done, if that was committed.
                    return try await insert(post, key)
                }
            }
            switch outcome {
            case .inserted(let comment):
                changed()
                return comment
            case .refused(let conflict): throw conflict
            case .judgedWrongly:
                try await StoreError.translating { try await talkWords.read(of: comment.talkID, database) }
            }
        }
        throw StoreError.overloaded
    }

    func update(
        _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> Comment? {
        let words = try await CommentPost.words(of: update.text)
        let comment = try await StoreError.translating {
            try await change(id, to: update.text, words, if: condition, by: editor)
        }
        changed()
        return comment
    }

    func delete(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws -> Bool {
        let isDeleted = try await StoreError.translating { try await remove(id, if: condition, by: editor) }
        changed()
        return isDeleted
    }
}

extension PostgresQuery.StringInterpolation {
    /// Appends a condition on a value where there is one: a statement is prepared once for each set of conditions.
    mutating func appendInterpolation<Value: PostgresEncodable>(and comparison: String, _ value: Value?) {
        guard let value else { return }
        appendLiteral(" AND \(comparison) ")
        appendInterpolation(value)
    }
}
