import CraneSQLite
import CraneSchema

/// A comment as a full export has it: one that waits or is hidden too, with what the room and its moderators have made of it.
struct RoomRecord: Hashable, Sendable {
    let comment: Comment
    var state = CommentState.shown
    var stage = CommentStage.none
    var isPinned = false
    var votes = 0
    var answer: String?
    /// What its author wants to be called.
    var name: String?

    /// Whether nobody has made anything of it.
    var isPlain: Bool { stage == .none && !isPinned && votes == 0 && answer == nil }

    /// Gives a comment that is new in this database its state and standing. One that nobody sees is on no stage, and one of a talk at
    /// a time is.
    func settle(_ connection: Connection) throws {
        let (id, talkID) = (comment.id, comment.talkID)
        if state != .shown { try HeldComment.hold(id, as: state, connection) }
        if let name {
            // A participant whom nobody knows: who wrote it is not exported.
            let author = try connection.prepare(
                "INSERT OR IGNORE INTO author (comment_id, participant, name) VALUES (:comment_id, randomblob(16), :name)"
            )
            try author.bind("comment_id", id)
            try author.bind("name", name)
            try author.run()
        }
        guard !isPlain else { return }
        var stage = stage
        if stage == .now, try state != .shown || !Standing.onStage(of: talkID, but: id, connection).isEmpty {
            stage = .queued
        }
        let insert = try connection.prepare(
            """
            INSERT INTO standing (comment_id, talk_id, votes, stage, is_pinned, answer, logged_votes)
            VALUES (:comment_id, :talk_id, :votes, :stage, :is_pinned, :answer, :votes)
            """)
        try insert.bind("comment_id", id)
        try insert.bind("talk_id", talkID)
        try insert.bind("votes", votes)
        try insert.bind("stage", stage)
        try insert.bind("is_pinned", isPinned)
        try insert.bind("answer", answer)
        try insert.run()
    }
}

extension RoomRecord: TransferRecord {
    private init(
        id: Int, talkID: Int, userIP: String, text: String, createdAt: Timestamp, updatedAt: Timestamp,
        state: CommentState, stage: CommentStage, isPinned: Bool, votes: Int, answer: String?,
        name: String?
    ) {
        comment = Comment(
            id: id, talkID: talkID, userIP: userIP, text: text, createdAt: createdAt, updatedAt: updatedAt)
        self.state = state
        self.stage = stage
        self.isPinned = isPinned
        self.votes = votes
        self.answer = answer
        self.name = name
    }

    init(_ record: RoomRecord) { self = record }

    static let schema = Object(
        Self.init(id:talkID:userIP:text:createdAt:updatedAt:state:stage:isPinned:votes:answer:name:),
        name: "RoomRecord", description: "A comment with all that is kept of it"
    ) {
        Field("id", \.comment.id)
        Field("talk_id", \.comment.talkID)
        Field("user_ip", \.comment.userIP)
        Field("comment_text", \.comment.text)
        Field("created_at", \.comment.createdAt)
        Field("updated_at", \.comment.updatedAt)
        Field("state", \.state, default: .shown)
        Field("stage", \.stage, default: .none)
        Field("pinned", \.isPinned, default: false)
        Field("votes", \.votes, .int(ge: 0), default: 0)
        Field("answer", \.answer, default: nil)
        Field("name", \.name, default: nil)
    }

    /// No table of its own: what `rows` gives.
    static let table = Table<RoomRecord>("room_record")

    var id: Int { comment.id }
    static var guardsFormulas: Bool { true }

    static func rows(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Statement {
        func part(_ table: String, _ state: String) -> String {
            """
            SELECT c.id AS id, c.talk_id AS talk_id, c.user_ip AS user_ip, c.comment_text AS comment_text,
                c.created_at AS created_at, c.updated_at AS updated_at, \(state) AS state,
                ifnull(s.stage, 'none') AS stage, ifnull(s.is_pinned, 0) AS pinned, ifnull(s.votes, 0) AS votes,
                s.answer AS answer, a.name AS name
            FROM \(table) AS c LEFT JOIN standing AS s ON s.comment_id = c.id
                LEFT JOIN author AS a ON a.comment_id = c.id
            WHERE c.id > :last \(talkID == nil ? "" : "AND c.talk_id = :talk_id")
            """
        }
        // Each part comes in the order of its ids, and SQLite merges the two: nothing is sorted.
        let rows = try connection.prepare(
            part("comment", "'shown'") + " UNION ALL " + part("held_comment", "c.state") + " ORDER BY id")
        try rows.bind("last", id)
        if let talkID { try rows.bind("talk_id", talkID) }
        return rows
    }

    static func count(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Int {
        let filter = "WHERE id > :last \(talkID == nil ? "" : "AND talk_id = :talk_id")"
        let count = try connection.prepare(
            """
            SELECT (SELECT count(*) FROM comment \(filter)) + (SELECT count(*) FROM held_comment \(filter)) AS total
            """)
        try count.bind("last", id)
        if let talkID { try count.bind("talk_id", talkID) }
        return try count.step() ? count.int("total") : 0
    }
}
