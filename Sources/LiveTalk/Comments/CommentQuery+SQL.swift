import CraneSQLite

extension CommentQuery {
    private static let all = SQL(
        "SELECT \(Comment.table.columnList()) FROM comment ORDER BY id LIMIT :limit OFFSET :offset")
    /// The talk is the same in each row, and is not read from it.
    private static let ofTalk: StaticString = """
        SELECT id, :talk_id AS talk_id, user_ip, comment_text, created_at, updated_at FROM comment
        WHERE talk_id = :talk_id ORDER BY id LIMIT :limit OFFSET :offset
        """
    private static let from = SQL(
        """
        SELECT \(Comment.table.columnList()) FROM comment
        WHERE id >= :first ORDER BY id LIMIT :limit OFFSET :offset
        """)

    /// The statement whose rows are the list, ready to be stepped.
    func select(_ connection: Connection) throws(DatabaseError) -> Statement {
        if order != .id { return try select(Comment.table.columnList(), connection) }
        if isWhole, offset > Self.shortWalk { return try selectFarPage(connection) }
        if let talkID, userIP == nil, after == nil {
            let rows = try connection.prepare(Self.ofTalk)
            try rows.bind("talk_id", talkID)
            return try page(rows, offset)
        }
        if isWhole { return try page(connection.prepare(Self.all), offset) }
        return try select(Comment.table.columnList(), connection)
    }

    /// The statement whose rows are the ids of the list alone.
    func selectIDs(_ connection: Connection) throws(DatabaseError) -> Statement {
        try select("id", connection)
    }

    private func select(_ columns: String, _ connection: Connection) throws(DatabaseError) -> Statement {
        let conditions = [
            talkID.map { _ in "comment.talk_id = :talk_id" }, userIP.map { _ in "user_ip = :user_ip" },
            after.map { _ in order == .newest ? "id < :after" : "id > :after" },
        ].compactMap(\.self)
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let part = "LIMIT :limit OFFSET :offset"
        let rows: Statement
        switch order {
        case .id:
            rows = try connection.prepare("SELECT \(columns) FROM comment \(filter) ORDER BY id \(part)")
        case .newest:
            rows = try connection.prepare("SELECT \(columns) FROM comment \(filter) ORDER BY id DESC \(part)")
        case .top:
            // By ids first: to sort whole rows would read every text.
            rows = try connection.prepare(
                """
                SELECT \(columns) FROM (
                    SELECT id AS page_id, ifnull(votes, 0) AS page_votes
                    FROM comment LEFT JOIN standing ON comment_id = id \(filter)
                    ORDER BY page_votes DESC, id \(part)
                ) CROSS JOIN comment ON id = page_id ORDER BY page_votes DESC, id
                """)
        }
        if let talkID { try rows.bind("talk_id", talkID) }
        if let userIP { try rows.bind("user_ip", userIP) }
        if let after { try rows.bind("after", after) }
        return try page(rows, offset)
    }

    /// Passes whole blocks by their totals, and walks only in the last one.
    private func selectFarPage(_ connection: Connection) throws(DatabaseError) -> Statement {
        let blocks = try connection.prepare("SELECT block, total FROM comment_block ORDER BY block")
        var passed = 0
        var first = Int.min
        while try blocks.step() {
            let total = try blocks.int("total")
            if passed + total > offset { break }
            passed += total
            first = (try blocks.int("block") + 1) << 12
        }
        let rows = try connection.prepare(Self.from)
        try rows.bind("first", first)
        return try page(rows, offset - passed)
    }

    private func page(_ rows: Statement, _ offset: Int) throws(DatabaseError) -> Statement {
        try rows.bind("limit", limit)
        try rows.bind("offset", offset)
        return rows
    }
}
