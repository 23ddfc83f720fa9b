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

    /// Passes ever smaller ranges of ids by their totals, and walks only in the last one.
    private func selectFarPage(_ connection: Connection) throws(DatabaseError) -> Statement {
        // The first range that is not passed; shifted to the left once a level, and by the bits of a block in the end.
        var first = Int.min >> 30
        var passed = 0
        for level in [3, 2, 1] {
            let ranges = try connection.prepare(Self.totals)
            try ranges.bind("level", level)
            try ranges.bind("first", first)
            try pass(ranges, &first, &passed, isLastWhole: false)
            first <<= 6
        }
        let blocks = try connection.prepare(Self.blocks)
        try blocks.bind("first", first)
        try pass(blocks, &first, &passed, isLastWhole: true)
        let rows = try connection.prepare(Self.from)
        try rows.bind("first", first << 12)
        return try page(rows, offset - passed)
    }

    private static let totals = SQL(
        "SELECT node, total FROM comment_total WHERE level = :level AND node >= :first ORDER BY node")
    private static let blocks = SQL(
        "SELECT block AS node, total FROM comment_block WHERE block >= :first ORDER BY block")

    /// Passes the ranges that end before the page; the last of all only when it is whole, as comments that are not counted yet lie behind
    /// those that are.
    private func pass(
        _ ranges: Statement, _ first: inout Int, _ passed: inout Int, isLastWhole: Bool
    ) throws(DatabaseError) {
        var next: (first: Int, passed: Int)?
        while try ranges.step() {
            if let next { (first, passed) = next }
            let end = passed + (try ranges.int("total"))
            if end > offset { return }
            next = (try ranges.int("node") + 1, end)
        }
        if isLastWhole, let next { (first, passed) = next }
    }

    private func page(_ rows: Statement, _ offset: Int) throws(DatabaseError) -> Statement {
        try rows.bind("limit", limit)
        try rows.bind("offset", offset)
        return rows
    }
}
