import CranePostgres

extension RoomComment {
    /// Comments `c`, held back or not, with their state.
    static let everywhere = """
        (
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at, 'shown' AS state FROM comment
            UNION ALL
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at, state FROM held_comment
        ) AS c
        """

    /// The columns of comments `c` with what they are joined with, in PostgreSQL: see `joins`.
    ///
    /// - Parameter text: what stands for the text.
    static func postgresColumns(state: String, text: String = "c.comment_text") -> String {
        """
        c.id, c.talk_id, \(text) AS comment_text, a.name, c.created_at, c.updated_at, \(state) AS state, \
        coalesce(s.stage, 'none') AS stage, coalesce(s.is_pinned, false) AS pinned, coalesce(s.votes, 0) AS votes, s.answer
        """
    }

    /// The comment, held back or not.
    static func finding(_ id: Int) -> PostgresQuery {
        """
        SELECT \(raw: postgresColumns(state: "c.state")) FROM \(raw: everywhere) \(raw: joins) WHERE c.id = \(id)
        """
    }
}

extension PostgresQuery.StringInterpolation {
    /// Appends the statement whose rows are a list of the room.
    ///
    /// - Parameter more: columns before those of the comments; `place` counts the rows.
    mutating func appendInterpolation(list query: RoomQuery, _ more: String = "") {
        let isShown = query.state == .shown
        let table = isShown ? "comment" : "held_comment"
        let columns = more + RoomComment.postgresColumns(state: isShown ? "'shown'" : "c.state")
        let direction = query.order == .newest ? "DESC" : "ASC"
        let order = query.order == .top ? "coalesce(s.votes, 0) DESC, c.id" : "c.id \(direction)"
        // By ids first: to sort whole rows would read every text.
        appendLiteral(
            """
            SELECT \(columns) FROM (
                SELECT c.id, row_number() OVER (ORDER BY \(order)) AS place
                FROM \(table) AS c LEFT JOIN standing AS s ON s.comment_id = c.id WHERE c.talk_id =
            """)
        appendInterpolation(query.talkID)
        appendInterpolation(and: "c.state =", isShown ? nil : query.state.rawValue)
        appendLiteral(" ORDER BY \(order) LIMIT ")
        appendInterpolation(query.limit)
        appendLiteral(" OFFSET ")
        appendInterpolation(query.offset)
        appendLiteral(") AS page JOIN \(table) AS c ON c.id = page.id \(RoomComment.joins)")
    }
}
