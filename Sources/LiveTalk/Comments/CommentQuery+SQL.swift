import CraneSQLite

extension CommentQuery {
    /// The statement whose rows are the list, ready to be stepped.
    func select(_ connection: Connection) throws(DatabaseError) -> Statement {
        if isWhole, offset > Self.shortWalk { return try selectFarPage(connection) }
        if let talkID, userIP == nil, after == nil { return try selectTalk(talkID, connection) }
        if isWhole { return try selectWhole(connection) }
        return try select("id, talk_id, user_ip, comment_text, created_at, updated_at", connection)
    }

    /// The statement whose rows are the ids of the list alone.
    func selectIDs(_ connection: Connection) throws(DatabaseError) -> Statement {
        try select("id", connection)
    }

    private func select(_ columns: String, _ connection: Connection) throws(DatabaseError) -> Statement {
        let conditions = [
            talkID == nil ? nil : "talk_id = ?3", userIP == nil ? nil : "user_ip = ?4",
            after == nil ? nil : "id > ?5",
        ]
        let rows = try connection.prepare(
            """
            SELECT \(columns) FROM comment \
            WHERE \(conditions.compactMap(\.self).joined(separator: " AND ")) ORDER BY id LIMIT ?1 OFFSET ?2
            """)
        if let talkID { try rows.bind(talkID, at: 3) }
        if let userIP { try rows.bind(userIP, at: 4) }
        if let after { try rows.bind(after, at: 5) }
        return try page(rows, offset)
    }

    private func selectWhole(_ connection: Connection) throws(DatabaseError) -> Statement {
        try page(
            connection.prepare(
                """
                SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
                ORDER BY id LIMIT ?1 OFFSET ?2
                """), offset)
    }

    private func selectTalk(_ talkID: Int, _ connection: Connection) throws(DatabaseError) -> Statement {
        let rows = try connection.prepare(
            """
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
            WHERE talk_id = ?3 ORDER BY id LIMIT ?1 OFFSET ?2
            """)
        try rows.bind(talkID, at: 3)
        return try page(rows, offset)
    }

    /// Passes whole blocks by their totals, and walks only in the last one.
    private func selectFarPage(_ connection: Connection) throws(DatabaseError) -> Statement {
        let blocks = try connection.prepare("SELECT block, total FROM comment_block ORDER BY block")
        var passed = 0
        var first = Int.min
        while try blocks.step() {
            let total = blocks.int(at: 1)
            if passed + total > offset { break }
            passed += total
            first = (blocks.int(at: 0) + 1) << 12
        }
        let rows = try connection.prepare(
            """
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
            WHERE id >= ?3 ORDER BY id LIMIT ?1 OFFSET ?2
            """)
        try rows.bind(first, at: 3)
        return try page(rows, offset - passed)
    }

    private func page(_ rows: Statement, _ offset: Int) throws(DatabaseError) -> Statement {
        try rows.bind(limit, at: 1)
        try rows.bind(offset, at: 2)
        return rows
    }
}
