import CraneSQLite

/// Which of a talk's comments a list of the room holds, and in which order.
struct RoomQuery: Hashable, Sendable {
    var talkID: Int
    /// Those that everybody sees; else those that are held back in this way.
    var state = CommentState.shown
    var order = CommentOrder.id
    var offset = 0
    var limit = CommentQuery.maximumLimit

    /// Whether the list may take longer than a loop can be held.
    var isLong: Bool { order == .top || offset > CommentQuery.shortWalk }

    /// The statement whose rows are the list, ready to be stepped.
    func select(_ connection: Connection) throws(DatabaseError) -> Statement {
        let isShown = state == .shown
        let table = isShown ? "comment" : "held_comment"
        let filter = "c.talk_id = :talk_id" + (isShown ? "" : " AND c.state = :state")
        let columns = RoomComment.columns(state: isShown ? "'shown'" : "c.state")
        let page = "LIMIT :limit OFFSET :offset"
        let rows: Statement
        if order == .top {
            // By ids first: to sort whole rows would read every text.
            rows = try connection.prepare(
                """
                SELECT \(columns) FROM (
                    SELECT c.id AS id FROM \(table) AS c LEFT JOIN standing AS s ON s.comment_id = c.id WHERE \(filter)
                    ORDER BY ifnull(s.votes, 0) DESC, c.id \(page)
                ) AS page CROSS JOIN \(table) AS c ON c.id = page.id \(RoomComment.joins)
                ORDER BY ifnull(s.votes, 0) DESC, c.id
                """)
        } else {
            let direction = order == .newest ? "DESC" : "ASC"
            rows = try connection.prepare(
                "SELECT \(columns) FROM \(table) AS c \(RoomComment.joins) WHERE \(filter) ORDER BY c.id \(direction) \(page)"
            )
        }
        try rows.bind("talk_id", talkID)
        if !isShown { try rows.bind("state", state) }
        try rows.bind("limit", limit)
        try rows.bind("offset", offset)
        return rows
    }
}
