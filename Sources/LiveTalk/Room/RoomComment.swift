import CraneSQLite
import CraneSchema

/// A comment as the room sees it: with its votes and what moderators have made of it, without its author's address.
struct RoomComment: Hashable, Sendable {
    let id: Int
    let talkID: Int
    let text: String
    /// What its author wants to be called; `nil` where nobody has said.
    let name: String?
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
        Field("name", \.name, description: "What its author wants to be called")
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

    /// What comments `c` are joined with: their standing `s` and their authors `a`.
    static let joins = """
        LEFT JOIN standing AS s ON s.comment_id = c.id LEFT JOIN author AS a ON a.comment_id = c.id
        """

    /// The columns of comments with what they are joined with.
    static func columns(state: String) -> String {
        """
        c.id AS id, c.talk_id AS talk_id, c.comment_text AS comment_text, a.name AS name, c.created_at AS created_at, \
        c.updated_at AS updated_at, \(state) AS state, ifnull(s.stage, 'none') AS stage, \
        ifnull(s.is_pinned, 0) AS pinned, ifnull(s.votes, 0) AS votes, s.answer AS answer
        """
    }

    private static let shown = SQL(
        """
        SELECT \(columns(state: "'shown'")) FROM comment AS c \(joins)
        WHERE c.id = :id
        """)
    private static let held = SQL(
        """
        SELECT \(columns(state: "c.state")) FROM held_comment AS c \(joins)
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
