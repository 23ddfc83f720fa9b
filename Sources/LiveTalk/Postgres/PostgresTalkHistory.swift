import Crane
import CranePostgres
import CraneSchema

/// The log of changes in PostgreSQL, as the feed reads it for those who are behind; every node has the same.
struct PostgresTalkHistory: FeedHistory {
    let database: PostgresClient

    func page(
        of topic: TalkTopic, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<TalkTopic> {
        let rows = try await database.query(Self.selection(of: topic, after: position, limit: limit))
        guard let ends = rows.first else { return FeedPage(epoch: "", oldest: 0, newest: 0, events: []) }
        var changes: [(change: Change, comment: RoomComment?)] = []
        for row in rows where try !row.isNull("seq") {
            guard try row.bool("is_whole") || changes.isEmpty else { break }
            guard let change = try Change(row) else { continue }
            changes.append(
                (change.seen(by: topic.role), try row.isNull("id") ? nil : try row.row(RoomComment.self)))
        }
        var talk: Talk?
        if changes.contains(where: { $0.change.kind == .talk }) {
            talk = try await database.query(
                "SELECT \(raw: PostgresTalkStore.columns) FROM talk WHERE id = \(topic.talkID)"
            ).rows(Talk.self).first
        }
        let events = changes.map { change, comment in
            FeedEvent(
                topic: topic, change,
                ChangeText.json(change, for: topic.role, comment: { _ in comment }, talk: { _ in talk }))
        }
        let isEmpty = try ends.isNull("newest")
        return FeedPage(
            epoch: try ends.text("epoch"), oldest: isEmpty ? 0 : try ends.int("oldest") - 1,
            newest: isEmpty ? 0 : try ends.int("newest"), events: events)
    }

    /// The changes, with what their comments are now: without the text where the role does not see it, and of texts behind so many bytes
    /// none, for which the next page begins there.
    private static func selection(of topic: TalkTopic, after position: Int?, limit: Int) -> PostgresQuery {
        let seen = topic.role == .moderator ? "true" : "is_open"
        // The newest ones, or those behind a number.
        let order = position == nil ? "DESC" : "ASC"
        let text =
            topic.role == .moderator
            ? "m.comment_text" : "CASE WHEN m.state = 'shown' THEN m.comment_text ELSE '' END"
        return """
            SELECT epoch, oldest, newest, seq, prev, kind, is_open, comment_id, at, before < \(ChangePage.bytes) AS is_whole,
                id, talk_id, CASE WHEN before < \(ChangePage.bytes) THEN comment_text ELSE '' END AS comment_text,
                name, created_at, updated_at, state, stage, pinned, votes, answer
            FROM (
                SELECT ends.*, k.seq, k.prev, k.kind, k.is_open, k.comment_id, k.at, k.talk_id, m.id, m.name, m.created_at,
                    m.updated_at, m.state, m.stage, m.pinned, m.votes, m.answer, \(raw: text) AS comment_text,
                    coalesce(sum(octet_length(\(raw: text))) OVER (ORDER BY k.seq), 0)
                        - coalesce(octet_length(\(raw: text)), 0) AS before
                FROM (
                    SELECT (SELECT epoch FROM feed_epoch) AS epoch,
                        (SELECT min(seq) FROM change WHERE talk_id = \(topic.talkID)) AS oldest,
                        (SELECT \(raw: PostgresChangeLog.newest(for: topic.role)) FROM change
                            WHERE talk_id = \(topic.talkID) ORDER BY seq DESC LIMIT 1) AS newest
                ) AS ends
                LEFT JOIN (
                    SELECT * FROM change WHERE talk_id = \(topic.talkID) AND \(raw: seen)\(and: "seq >", position)
                    ORDER BY seq \(raw: order) LIMIT \(limit)
                ) AS k ON true
                LEFT JOIN LATERAL (
                    SELECT \(raw: RoomComment.postgresColumns(state: "c.state")) FROM \(raw: RoomComment.everywhere)
                    \(raw: RoomComment.joins) WHERE c.id = k.comment_id AND k.kind <> \(ChangeKind.talk.rawValue)
                ) AS m ON true
            ) AS page ORDER BY seq
            """
    }
}
