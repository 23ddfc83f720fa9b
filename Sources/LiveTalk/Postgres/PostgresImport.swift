import CranePostgres
import CraneSchema

/// Takes comments over into a PostgreSQL, also while nodes serve it: their clients load anew.
struct PostgresImport {
    let session: PostgresBlockingSession

    /// Takes over a batch or, when it throws, nothing of it.
    func take(
        _ records: [RoomRecord], of source: any CommentSource, _ outcome: inout ImportOutcome
    ) throws {
        var counted = outcome
        try session.transaction {
            try session.execute("SET LOCAL statement_timeout = 0")
            try session.execute("SET LOCAL lock_timeout = 0")
            try session.execute(PostgresChangeLog.lock)
            var kept = try self.kept(records.map(\.id))
            var new: [RoomRecord] = []
            for (index, record) in records.enumerated() {
                guard let known = kept[record.id] else {
                    new.append(record)
                    kept[record.id] = record.comment
                    continue
                }
                do {
                    try counted.count(known: record.comment, as: known)
                } catch {
                    throw OperationError("\(source.place(of: index)): \(error)")
                }
            }
            counted.added += new.count
            try insert(new)
        }
        outcome = counted
    }

    /// The comments of these ids that are there already, held back or not.
    private func kept(_ ids: [Int]) throws -> [Int: Comment] {
        let rows = try session.execute(
            """
            SELECT \(raw: PostgresCommentStore.columns) FROM \(raw: RoomComment.everywhere) WHERE id = ANY(\(ids))
            """)
        return Dictionary(try rows.rows(Comment.self).map { ($0.id, $0) }) { $1 }
    }

    private func insert(_ records: [RoomRecord]) throws {
        if records.isEmpty { return }
        try session.execute(PostgresCopy.insertion(of: records.filter { $0.state == .shown }.map(\.comment)))
        let held = records.filter { $0.state != .shown }
        try session.execute(PostgresCopy.insertion(of: held.map { ($0.comment, $0.state.rawValue) }))
        // Participants whom nobody knows: who wrote them is not exported.
        let named = records.filter { $0.name != nil }
        try session.execute(
            """
            INSERT INTO author (comment_id, participant, name)
            SELECT id, decode(md5(gen_random_uuid()::text), 'hex'), name
            FROM unnest(\(named.map(\.id)), \(named.map { $0.name.map { PostgresBytes(Array($0.utf8)) } })) AS new (id, name)
            """)
        try insertStandings(records.filter { !$0.isPlain })
        // Ids go on behind the highest; the log knows nothing of these, so that whoever follows a talk loads it anew.
        let highest = records.map(\.id).max() ?? 0
        try session.execute(
            "SELECT setval('comment_id_seq', greatest(last_value, \(highest))) FROM comment_id_seq")
        try session.execute(
            "UPDATE feed_epoch SET epoch = substr(md5(gen_random_uuid()::text), 1, 8)")
    }

    /// One that nobody sees is on no stage, and one of a talk at a time is.
    private func insertStandings(_ records: [RoomRecord]) throws {
        try session.execute(
            """
            INSERT INTO standing (comment_id, talk_id, votes, stage, is_pinned, answer, logged_votes)
            SELECT id, talk_id, votes, CASE WHEN stage = 'now' AND (NOT is_shown OR EXISTS (
                    SELECT FROM standing WHERE standing.talk_id = new.talk_id AND standing.stage = 'now')
                OR row_number() OVER (PARTITION BY talk_id, stage, is_shown ORDER BY id) > 1) THEN 'queued' ELSE stage END,
                is_pinned, answer, votes
            FROM unnest(\(records.map(\.id)), \(records.map(\.comment.talkID)), \(records.map(\.votes)),
                \(records.map(\.stage.rawValue)), \(records.map { $0.state == .shown }), \(records.map(\.isPinned)),
                \(records.map { $0.answer.map { PostgresBytes(Array($0.utf8)) } }))
                AS new (id, talk_id, votes, stage, is_shown, is_pinned, answer)
            """)
    }
}
