import Crane
import CranePostgres
import CraneSchema

// What pages show is read by one statement, so that it is all of one moment.
extension PostgresRoomStore {
    func view(
        of talk: Talk, _ query: TalkView.Query, for participant: Participant?, since recent: Timestamp,
        on loop: any LoopServices, for client: PeerAddress
    ) async throws -> TalkView {
        let rows = try await StoreError.translating {
            try await database.query(Self.selection(of: talk.id, query, for: participant, since: recent))
        }
        guard let head = rows.first else {
            return TalkView(of: talk, at: "", now: nil, waiting: [], found: [])
        }
        var parts: [[TalkView.Row]] = [[], [], []]
        for row in rows where try !row.isNull("part") {
            parts[try row.int("part")].append(
                TalkView.Row(
                    comment: try row.row(RoomComment.self), isOwn: try row.bool("is_own"),
                    isVoted: try row.bool("is_voted")))
        }
        return TalkView(
            of: try Talk(present: head) ?? talk, at: try head.text("position"), now: parts[0].first,
            waiting: parts[1], found: parts[2])
    }

    private static func selection(
        of talkID: Int, _ query: TalkView.Query, for participant: Participant?, since recent: Timestamp
    ) -> PostgresQuery {
        let hash = participant.map { PostgresBytes($0.hash) }
        let shown = RoomComment.postgresColumns(state: "'shown'") + ", " + flags
        let held = RoomComment.postgresColumns(state: "c.state") + ", " + flags
        let votes = query.order == .top ? "coalesce(s.votes, 0) DESC, " : ""
        let waiting = query.offset == 0 && participant != nil ? TalkView.Query.waiting : 0
        return """
            WITH me AS (SELECT \(hash) AS participant)
            SELECT \(raw: head(for: .audience)), found.* FROM \(talk: talkID) LEFT JOIN (
                SELECT 0 AS part, 0 AS place, \(raw: shown)
                FROM me CROSS JOIN comment AS c \(raw: RoomComment.joins) WHERE c.talk_id = \(talkID) AND c.id IN (
                    SELECT comment_id FROM standing WHERE talk_id = \(talkID) AND stage = 'now')
                UNION ALL (
                    SELECT 1, row_number() OVER (ORDER BY c.id DESC), \(raw: held)
                    FROM me JOIN author AS o ON o.participant = me.participant
                        JOIN held_comment AS c ON c.id = o.comment_id \(raw: RoomComment.joins)
                    WHERE c.talk_id = \(talkID) AND c.state = 'waiting' ORDER BY c.id DESC LIMIT \(waiting)
                )
                UNION ALL
                SELECT 2, page.place, \(raw: shown) FROM (
                    SELECT c.id, row_number() OVER (ORDER BY coalesce(s.stage, 'none') = 'answered',
                        coalesce(s.is_pinned, false) DESC,
                        coalesce(a.participant = me.participant AND c.created_at > \(recent), false) DESC,
                        \(raw: votes)c.id DESC) AS place
                    FROM me CROSS JOIN comment AS c \(raw: RoomComment.joins)
                    WHERE c.talk_id = \(talkID) AND coalesce(s.stage, 'none') <> 'now'
                    ORDER BY place LIMIT \(TalkView.Query.length + 1) OFFSET \(query.offset)
                ) AS page JOIN comment AS c ON c.id = page.id CROSS JOIN me \(raw: RoomComment.joins)
            ) AS found ON true ORDER BY part, place
            """
    }

    /// What a comment is to the participant `me`.
    private static let flags = """
        coalesce(a.participant = me.participant, false) AS is_own, EXISTS (
            SELECT FROM vote AS v WHERE v.comment_id = c.id AND v.participant = me.participant) AS is_voted
        """

    func view(
        of talk: Talk, for role: FeedRole, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> RoomView {
        let rows = try await StoreError.translating {
            try await database.query(Self.selection(of: talk.id, for: role))
        }
        guard let head = rows.first else { return RoomView(of: talk, at: "", found: []) }
        return RoomView(
            of: try Talk(present: head) ?? talk, at: try head.text("position"),
            found: try rows.filter { try !$0.isNull("part") }.map { try $0.row(RoomComment.self) })
    }

    private static func selection(of talkID: Int, for role: FeedRole) -> PostgresQuery {
        let queries = RoomView.queries(of: talkID, for: role)
        let shown = RoomComment.postgresColumns(state: "'shown'")
        return """
            SELECT \(raw: head(for: role)), found.* FROM \(talk: talkID) LEFT JOIN (
                SELECT 0 AS part, 0 AS place, \(raw: shown) FROM comment AS c \(raw: RoomComment.joins)
                WHERE c.talk_id = \(talkID) AND c.id IN (
                    SELECT comment_id FROM standing WHERE talk_id = \(talkID) AND stage IN ('now', 'queued'))
                \(all: queries)
            ) AS found ON true ORDER BY part, place
            """
    }

    /// The talk `t` as `Talk(present:)` takes it, and the position of a role's feed.
    private static func head(for role: FeedRole) -> String {
        let talk = Talk.table.columns.map { "t.\($0.name) AS t_\($0.name)" }.joined(separator: ", ")
        return """
            (SELECT epoch FROM feed_epoch) || '-' || coalesce((
                SELECT \(PostgresChangeLog.newest(for: role)) FROM change WHERE talk_id = asked.id ORDER BY seq DESC LIMIT 1
            ), 0) AS position, \(talk)
            """
    }

    // MARK: Files

    func export(
        _ talkID: Int, after id: Int, as format: TransferFormat, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> (bytes: [UInt8], last: Int?) {
        let rows = try await StoreError.translating {
            try await database.query(RoomRecord.page(after: id, of: talkID, bytes: CommentQuery.heldBytes))
        }
        return try await loop.blocking {
            var bytes: [UInt8] = []
            var last: Int?
            for row in rows {
                let record = try row.row(RoomRecord.self)
                format.append(record, to: &bytes)
                last = record.id
            }
            return (bytes, last)
        }
    }

    func atomTag(of talkID: Int) async throws -> String {
        let rows = try await StoreError.translating {
            try await database.query(PostgresChangeLog.position(of: talkID, for: .audience))
        }
        return "\"\(try rows[0].text("position"))\""
    }

    func atom(
        of talkID: Int, at path: String, _ seal: CommentTokenSigner, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> [UInt8]? {
        let talk = try await StoreError.translating {
            try await database.query(
                "SELECT \(raw: PostgresTalkStore.columns) FROM talk WHERE id = \(talkID)"
            ).rows(Talk.self).first
        }
        let rows = try await StoreError.translating {
            try await database.query(
                """
                SELECT c.id, substring(c.comment_text FROM 1 FOR \(AtomFeed.textBytes)::int) AS text, a.name, c.created_at,
                    c.updated_at
                FROM comment AS c LEFT JOIN author AS a ON a.comment_id = c.id
                WHERE c.talk_id = \(talkID) ORDER BY c.id DESC LIMIT \(AtomFeed.entries)
                """)
        }
        return try await loop.blocking {
            let comments = try rows.map { row in
                AtomFeed.Entry(
                    // A character may be cut at the end.
                    id: try row.int("id"), text: String(decoding: try row.blob("text"), as: UTF8.self),
                    name: try row.value("name", as: String?.self), createdAt: try row.timestamp("created_at"),
                    updatedAt: try row.timestamp("updated_at"))
            }
            return AtomFeed(of: talkID, talk, comments)?.xml(at: path, seal)
        }
    }
}

extension PostgresQuery.StringInterpolation {
    /// Appends the number of a talk as `asked`, with the talk `t` where there is one.
    fileprivate mutating func appendInterpolation(talk id: Int) {
        appendLiteral("(SELECT ")
        appendInterpolation(id)
        appendLiteral(" AS id) AS asked LEFT JOIN talk AS t ON t.id = asked.id")
    }

    /// Appends lists of the room as parts from 1 on of a union.
    fileprivate mutating func appendInterpolation(all queries: [RoomQuery]) {
        for (index, query) in queries.enumerated() {
            appendLiteral(" UNION ALL ")
            appendInterpolation(list: query, "\(index + 1) AS part, place, ")
        }
    }
}

extension Talk {
    /// The talk of a row with its columns behind `t_`; `nil` where there is none.
    fileprivate init?(present row: PostgresRow) throws(PostgresError) {
        if try row.isNull("t_id") { return nil }
        self.init(
            id: try row.int("t_id"), slug: try row.text("t_slug"), title: try row.text("t_title"),
            speaker: try row.value("t_speaker", as: String?.self),
            startsAt: try row.value("t_starts_at", as: Timestamp?.self),
            state: try row.value("t_state", as: Talk.State.self),
            moderation: try row.value("t_moderation", as: Talk.Moderation.self),
            comments: try row.int("t_comments"), waiting: try row.int("t_waiting"),
            hidden: try row.int("t_hidden"), createdAt: try row.timestamp("t_created_at"),
            updatedAt: try row.timestamp("t_updated_at"))
    }
}
