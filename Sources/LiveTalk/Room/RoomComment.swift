import CraneSQLite
import CraneSchema

/// A comment as the room sees it: with its votes and what moderators have made of it, without its author's address.
struct RoomComment: Hashable, Sendable {
    let id: Int
    let talkID: Int
    let text: String
    let createdAt: Timestamp
    let updatedAt: Timestamp
    let state: CommentState
    let stage: CommentStage
    let isPinned: Bool
    let votes: Int
    let answer: String?
}

extension RoomComment: Record {
    static let schema = Object(
        RoomComment.init, name: "RoomComment",
        description: "A comment with its votes and what moderators have made of it"
    ) {
        Field("id", \.id)
        Field("talk_id", \.talkID)
        Field("comment_text", \.text)
        Field("created_at", \.createdAt)
        Field("updated_at", \.updatedAt)
        Field("state", \.state)
        Field("stage", \.stage)
        Field("pinned", \.isPinned)
        Field("votes", \.votes)
        Field("answer", \.answer)
    }

    /// No table of its own: what `columns` gives.
    static let table = Table<RoomComment>("room_comment")

    /// The columns of comments `c` with their standing `s`.
    static func columns(state: String) -> String {
        """
        c.id AS id, c.talk_id AS talk_id, c.comment_text AS comment_text, c.created_at AS created_at, \
        c.updated_at AS updated_at, \(state) AS state, ifnull(s.stage, 'none') AS stage, \
        ifnull(s.is_pinned, 0) AS pinned, ifnull(s.votes, 0) AS votes, s.answer AS answer
        """
    }

    private static let shown = SQL(
        """
        SELECT \(columns(state: "'shown'")) FROM comment AS c LEFT JOIN standing AS s ON s.comment_id = c.id
        WHERE c.id = :id
        """)
    private static let held = SQL(
        """
        SELECT \(columns(state: "c.state")) FROM held_comment AS c LEFT JOIN standing AS s ON s.comment_id = c.id
        WHERE c.id = :id
        """)

    /// The comment, held back or not.
    static func find(_ id: Int, _ connection: Connection) throws -> RoomComment? {
        for sql in [shown, held] {
            let row = try connection.prepare(sql)
            try row.bind("id", id)
            if try row.step() { return try row.row(RoomComment.self) }
        }
        return nil
    }
}
