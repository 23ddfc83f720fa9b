import CraneSQLite
import CraneSchema

/// What the audience's page shows of a talk to one participant: all of one moment.
struct TalkView: Sendable {
    /// A comment as somebody sees it.
    struct Row: Sendable {
        let comment: RoomComment
        /// Whether it is the participant's own.
        let isOwn: Bool
        /// Whether the participant has voted for it.
        let isVoted: Bool
    }

    /// Which part of the list, and in which order.
    struct Query: Hashable, Sendable {
        var order = CommentOrder.top
        var offset = 0

        /// So many comments stand on a page.
        static let length = 50
        /// The participant's own that wait, at most.
        static let waiting = 20
    }

    let talk: Talk
    /// Where the audience's feed stands: `EPOCH-SEQ`.
    let position: String
    /// What is on the stage.
    let now: Row?
    /// The participant's own that wait for a moderator, the latest first; on the first page.
    let waiting: [Row]
    /// Pinned ones, then the participant's own of the last minutes, then the others in the order, the answered ones last.
    let list: [Row]
    let hasMore: Bool

    /// One of what was found; the list may have one row more than a page.
    init(
        of talk: Talk, at position: String, now: Row?, waiting: [Row], found: [Row]
    ) {
        (self.talk, self.position, self.now, self.waiting) = (talk, position, now, waiting)
        hasMore = found.count > Query.length
        list = Array(found.prefix(Query.length))
    }

    /// - Parameter recent: since when a comment of the participant's own goes before others.
    init(
        of talk: Talk, _ query: Query, for participant: Participant?, since recent: Timestamp,
        _ connection: Connection
    ) throws {
        let page = try ChangePage(of: talk.id, for: .audience, after: nil, limit: 0, connection)
        func rows(_ sql: SQL, _ bind: (Statement) throws -> Void = { _ in }) throws -> [Row] {
            let rows = try connection.prepare(sql)
            try rows.bind("talk_id", talk.id)
            try rows.bind("participant", participant?.hash)
            try bind(rows)
            var read: [Row] = []
            while try rows.step() {
                read.append(
                    Row(
                        comment: try rows.row(RoomComment.self), isOwn: try rows.int("is_own") != 0,
                        isVoted: try rows.int("is_voted") != 0))
            }
            return read
        }
        let now = try rows(Self.onStage).first
        let isFirst = query.offset == 0
        let waiting = isFirst && participant != nil ? try rows(Self.held) : []
        let found = try rows(query.order == .top ? Self.byVotes : Self.byTime) { rows in
            try rows.bind("recent", recent)
            try rows.bind("limit", Query.length + 1)
            try rows.bind("offset", query.offset)
        }
        self.init(
            of: talk, at: "\(page.epoch)-\(page.newest)", now: now, waiting: waiting, found: found)
    }

    /// Whether it may take longer to read than a loop can be held.
    static func isLong(_ talk: Talk) -> Bool { talk.comments > 500 }

    private static let flags = """
        a.participant IS NOT NULL AND a.participant IS :participant AS is_own, EXISTS (
            SELECT 1 FROM vote AS v WHERE v.comment_id = c.id AND v.participant IS :participant) AS is_voted
        """
    private static let shown = "\(RoomComment.columns(state: "'shown'")), \(flags)"

    private static let onStage = SQL(
        """
        SELECT \(shown) FROM comment AS c \(RoomComment.joins)
        WHERE c.talk_id = :talk_id AND c.id IN (
            SELECT comment_id FROM standing WHERE talk_id = :talk_id AND stage = 'now')
        """)

    private static let held = SQL(
        """
        SELECT \(RoomComment.columns(state: "c.state")), \(flags)
        FROM author AS o CROSS JOIN held_comment AS c ON c.id = o.comment_id \(RoomComment.joins)
        WHERE o.participant = :participant AND c.talk_id = :talk_id AND c.state = 'waiting'
        ORDER BY c.id DESC LIMIT \(Query.waiting)
        """)

    private static let byVotes = list("ifnull(s.votes, 0) DESC, ")
    private static let byTime = list("")

    /// Sorted by ids first: to sort whole rows would read every text.
    private static func list(_ order: String) -> SQL {
        SQL(
            """
            SELECT \(shown) FROM (
                SELECT c.id AS id, row_number() OVER (
                    ORDER BY ifnull(s.stage, 'none') = 'answered', ifnull(s.is_pinned, 0) DESC,
                        (a.participant IS NOT NULL AND a.participant IS :participant AND c.created_at > :recent) DESC,
                        \(order)c.id DESC) AS place
                FROM comment AS c \(RoomComment.joins)
                WHERE c.talk_id = :talk_id AND ifnull(s.stage, 'none') <> 'now'
                ORDER BY place LIMIT :limit OFFSET :offset
            ) AS page CROSS JOIN comment AS c ON c.id = page.id \(RoomComment.joins)
            ORDER BY place
            """)
    }
}
