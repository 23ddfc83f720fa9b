import CranePostgres
import CraneSQLite
import CraneSchema

// What the room has made of comments, and the log, each behind what is there already.
extension PostgresCopy {
    func copyHeld() throws {
        let last = try session.execute("SELECT coalesce(max(id), \(Int.min)) AS last FROM held_comment")[0]
        try copy(behind: last.int("last")) { last, connection in
            let found = try connection.prepare(
                """
                SELECT \(Comment.table.columnList()), state FROM held_comment WHERE id > :last ORDER BY id LIMIT :count
                """)
            try found.bind("last", last)
            // Some hundred, as texts may be long.
            return try Self.rows(of: found, min(rows, 100)) {
                (comment: try found.row(Comment.self), state: try found.text("state"))
            }
        } into: { held in
            Self.insertion(of: held)
        } key: {
            $0.comment.id
        }
    }

    /// Inserts comments that are held back, in these states.
    static func insertion(of held: [(comment: Comment, state: String)]) -> PostgresQuery {
        """
        INSERT INTO held_comment (id, talk_id, user_ip, comment_text, created_at, updated_at, words, state)
        SELECT id, talk_id, user_ip, comment_text, created_at, updated_at, words::tsvector, state
        FROM unnest(\(held.map(\.comment.id)), \(held.map(\.comment.talkID)),
            \(held.map { PostgresBytes(Array($0.comment.userIP.utf8)) }),
            \(held.map { PostgresBytes(Array($0.comment.text.utf8)) }), \(held.map(\.comment.createdAt)),
            \(held.map(\.comment.updatedAt)), \(held.map { SearchVector.text(of: $0.comment.text) }),
            \(held.map(\.state)))
            AS kept (id, talk_id, user_ip, comment_text, created_at, updated_at, words, state)
        """
    }

    func copyStandings() throws {
        let last = try session.execute("SELECT coalesce(max(comment_id), \(Int.min)) AS last FROM standing")[
            0]
        try copy(behind: last.int("last")) { last, connection in
            let found = try connection.prepare(
                "SELECT * FROM standing WHERE comment_id > :last ORDER BY comment_id LIMIT :count")
            try found.bind("last", last)
            return try Self.rows(of: found, rows) {
                (
                    id: try found.int("comment_id"), talkID: try found.int("talk_id"),
                    votes: try found.int("votes"), stage: try found.text("stage"),
                    isPinned: try found.int("is_pinned") != 0,
                    answer: try found.value("answer", as: String?.self),
                    logged: try found.int("logged_votes"),
                    loggedAt: try found.value("logged_at", as: Timestamp.self)
                )
            }
        } into: { standings in
            """
            INSERT INTO standing (comment_id, talk_id, votes, stage, is_pinned, answer, logged_votes, logged_at)
            SELECT * FROM unnest(\(standings.map(\.id)), \(standings.map(\.talkID)), \(standings.map(\.votes)),
                \(standings.map(\.stage)), \(standings.map(\.isPinned)),
                \(standings.map { $0.answer.map { PostgresBytes(Array($0.utf8)) } }), \(standings.map(\.logged)),
                \(standings.map(\.loggedAt)))
            """
        } key: {
            $0.id
        }
    }

    func copyAuthors() throws {
        let last = try session.execute("SELECT coalesce(max(comment_id), \(Int.min)) AS last FROM author")[0]
        try copy(behind: last.int("last")) { last, connection in
            let found = try connection.prepare(
                "SELECT * FROM author WHERE comment_id > :last ORDER BY comment_id LIMIT :count")
            try found.bind("last", last)
            return try Self.rows(of: found, rows) {
                (
                    id: try found.int("comment_id"), participant: try found.blob("participant"),
                    name: try found.value("name", as: String?.self)
                )
            }
        } into: { authors in
            """
            INSERT INTO author (comment_id, participant, name)
            SELECT * FROM unnest(\(authors.map(\.id)), \(authors.map { PostgresBytes($0.participant) }),
                \(authors.map { $0.name.map { PostgresBytes(Array($0.utf8)) } }))
            """
        } key: {
            $0.id
        }
    }

    func copyVotes() throws {
        let last = try session.execute(
            "SELECT comment_id, participant FROM vote ORDER BY comment_id DESC, participant DESC LIMIT 1"
        ).first
        let first = (
            id: try last?.int("comment_id") ?? .min, participant: try last?.blob("participant") ?? []
        )
        try copy(behind: first) { last, connection in
            let found = try connection.prepare(
                """
                SELECT comment_id, participant FROM vote WHERE (comment_id, participant) > (:id, :participant)
                ORDER BY comment_id, participant LIMIT :count
                """)
            try found.bind("id", last.id)
            try found.bind("participant", last.participant)
            return try Self.rows(of: found, rows) {
                (id: try found.int("comment_id"), participant: try found.blob("participant"))
            }
        } into: { votes in
            """
            INSERT INTO vote (comment_id, participant)
            SELECT * FROM unnest(\(votes.map(\.id)), \(votes.map { PostgresBytes($0.participant) }))
            """
        } key: {
            $0
        }
    }

    func copyLog() throws {
        let last = try session.execute("SELECT talk_id, seq FROM change ORDER BY position DESC LIMIT 1").first
        let first = (talk: try last?.int("talk_id") ?? .min, seq: try last?.int("seq") ?? 0)
        try copy(behind: first) { last, connection in
            let found = try connection.prepare(
                """
                SELECT * FROM change WHERE (talk_id, seq) > (:talk, :seq) ORDER BY talk_id, seq LIMIT :count
                """)
            try found.bind("talk", last.talk)
            try found.bind("seq", last.seq)
            return try Self.rows(of: found, rows) {
                (
                    talk: try found.int("talk_id"), seq: try found.int("seq"), prev: try found.int("prev"),
                    kind: try found.int("kind"), isOpen: try found.int("is_open") != 0,
                    comment: try found.value("comment_id", as: Int?.self),
                    at: try found.value("at", as: Timestamp.self)
                )
            }
        } into: { changes in
            """
            INSERT INTO change (talk_id, seq, prev, kind, is_open, comment_id, at)
            SELECT talk_id, seq, prev, kind, is_open, comment_id, at
            FROM unnest(\(changes.map(\.talk)), \(changes.map(\.seq)), \(changes.map(\.prev)), \(changes.map(\.kind)),
                \(changes.map(\.isOpen)), \(changes.map { $0.comment ?? 0 }), \(changes.map(\.at)))
                WITH ORDINALITY AS kept (talk_id, seq, prev, kind, is_open, comment_id, at, place)
            ORDER BY place
            """
        } key: {
            ($0.talk, $0.seq)
        }
    }

    /// Copies the talks with their counts and blocked words, and who is blocked, in the transaction of the end; how many talks.
    ///
    /// The triggers count comments that come after their talk: these come before.
    func copyTalks() throws -> Int {
        try source.read { connection in
            let talks = try connection.select(Talk.self, "ORDER BY id")
            for talk in talks {
                try session.execute(
                    """
                    INSERT INTO talk (id, slug, title, speaker, starts_at, state, moderation, comments, waiting, hidden,
                        created_at, updated_at)
                    VALUES (\(talk.id), \(talk.slug), \(PostgresBytes(Array(talk.title.utf8))),
                        \(talk.speaker.map { PostgresBytes(Array($0.utf8)) }), \(talk.startsAt), \(talk.state.rawValue),
                        \(talk.moderation.rawValue), \(talk.comments), \(talk.waiting), \(talk.hidden), \(talk.createdAt),
                        \(talk.updatedAt))
                    """)
                let words = try TalkRules.words(of: talk.id, connection)
                if words.isEmpty { continue }
                for statement in PostgresTalkStore.settingWords(words, of: talk.id) {
                    try session.execute(statement)
                }
            }
            let blocks = try connection.prepare("SELECT participant, ends_at FROM block")
            while try blocks.step() {
                try session.execute(
                    """
                    INSERT INTO block (participant, ends_at)
                    VALUES (\(PostgresBytes(try blocks.blob("participant"))),
                        \(try blocks.value("ends_at", as: Timestamp.self)))
                    """)
            }
            return talks.count
        }
    }
}
