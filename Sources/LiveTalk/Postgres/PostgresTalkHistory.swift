import Crane
import CranePostgres
import CraneSchema

/// The log of changes in PostgreSQL, as the feed reads it for those who are behind; every node has the same.
struct PostgresTalkHistory: FeedHistory {
    let database: PostgresClient

    func page(
        of topic: TalkTopic, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<TalkTopic> {
        let rows = try await database.query(
            """
            SELECT epoch, first, last, talk_id, seq, kind, comment_id, at, id,
                CASE WHEN before < \(ChangePage.bytes) THEN comment_text END AS comment_text, created_at, updated_at,
                before < \(ChangePage.bytes) AS is_whole
            FROM (
                SELECT ends.*, k.talk_id, k.seq, k.kind, k.comment_id, k.at, m.id, m.comment_text, m.created_at, m.updated_at,
                    coalesce(sum(octet_length(m.comment_text)) OVER (ORDER BY k.seq), 0)
                        - coalesce(octet_length(m.comment_text), 0) AS before
                FROM (
                    SELECT (SELECT epoch FROM feed_epoch) AS epoch, min(seq) AS first, max(seq) AS last
                    FROM change WHERE talk_id = \(topic.talkID)
                ) AS ends
                LEFT JOIN LATERAL (
                    SELECT * FROM change WHERE talk_id = \(topic.talkID) AND seq > coalesce(\(position), ends.last - \(limit))
                    ORDER BY seq LIMIT \(limit)
                ) AS k ON true
                LEFT JOIN comment AS m ON m.id = k.comment_id
            ) AS page ORDER BY seq
            """)
        guard let ends = rows.first else { return FeedPage(epoch: "", oldest: 0, newest: 0, events: []) }
        var events: [FeedEvent<TalkTopic>] = []
        for row in rows where try !row.isNull("seq") {
            guard try row.bool("is_whole") || events.isEmpty else { break }
            guard let change = try PostgresChange(row) else { continue }
            events.append(change.event(for: topic.role, try Self.present(row)))
        }
        let isEmpty = try ends.isNull("last")
        return FeedPage(
            epoch: try ends.text("epoch"), oldest: isEmpty ? 0 : try ends.int("first") - 1,
            newest: isEmpty ? 0 : try ends.int("last"), events: events)
    }

    /// The comment as the row has it now; `nil` where it is not there any more.
    private static func present(_ row: PostgresRow) throws -> RoomComment? {
        if try row.isNull("id") || row.isNull("comment_text") { return nil }
        return try RoomComment(row)
    }
}

extension RoomComment {
    /// A comment of a database in which nobody votes or moderates.
    init(_ row: PostgresRow) throws(PostgresError) {
        self.init(
            id: try row.int("id"), talkID: try row.int("talk_id"), text: try row.text("comment_text"),
            name: nil,
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"),
            state: .shown,
            stage: .none, isPinned: false, votes: 0, answer: nil)
    }
}

/// One entry of the log; everybody may know of each.
struct PostgresChange: Sendable {
    let talkID: Int
    let seq: Int
    let kind: ChangeKind
    let commentID: Int
    let at: Timestamp

    /// `nil` for a kind that only a newer version knows.
    init?(_ row: PostgresRow) throws(PostgresError) {
        guard let kind = ChangeKind(rawValue: try row.int("kind")) else { return nil }
        talkID = try row.int("talk_id")
        seq = try row.int("seq")
        self.kind = kind
        commentID = try row.int("comment_id")
        at = try row.timestamp("at")
    }

    /// The change as a role is told of it, by what is true of its comment now.
    func event(for role: FeedRole, _ comment: RoomComment?) -> FeedEvent<TalkTopic> {
        let isGone = comment == nil || kind == .deleted
        let content: ChangeText.Content =
            isGone ? .id(commentID) : comment.map { .comment($0) } ?? .id(commentID)
        let name = (isGone ? ChangeKind.deleted : kind).name
        return FeedEvent(
            topic: TalkTopic(talkID: talkID, role: role), sequence: seq, previous: seq - 1,
            json: ChangeText.json(name, at: at.description, content), key: "\(commentID)")
    }
}
