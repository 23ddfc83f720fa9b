import CraneLoop
import CranePostgres
import CraneSchema
import CraneService

/// A comment on its way into the database, with its words for the search.
struct CommentPost: Sendable {
    /// What has become of a post; the raw values are those of ``insertion(of:)``.
    enum Outcome: Sendable {
        case inserted(Comment)
        case refused(TalkConflict)
        /// The talk's blocked words are others than those that it was judged by.
        case judgedWrongly
    }

    let comment: CommentCreate
    let words: String
    let at: Timestamp
    let participant: Participant?
    /// What the participant wants to be called.
    let name: String?
    /// Whether the text has blocked words, and which version of them it was looked through for.
    var judgement = PostgresTalkWords.Judgement(version: 0, isHeld: false)

    init(
        _ comment: CommentCreate, at now: Timestamp, by participant: Participant? = nil,
        named name: String? = nil
    ) async throws {
        self.comment = comment
        words = try await Self.words(of: comment.text)
        at = now
        self.participant = participant
        self.name = name
    }

    var size: Int { comment.text.utf8.count + words.utf8.count }

    /// A text's words for the search; those of a long one are found on a worker thread.
    static func words(of text: String) async throws -> String {
        if text.utf8.count <= 4096 { return SearchVector.text(of: text) }
        let loop = try EventLoop.current ?? EventLoop.shared()
        do {
            return try await loop.blocking { SearchVector.text(of: text) }
        } catch is WorkerPoolFull {
            throw StoreError.overloaded
        }
    }

    /// The comment as it was inserted.
    func inserted(_ id: Int, at time: Timestamp) -> Comment {
        Comment(
            id: id, talkID: comment.talkID, userIP: comment.userIP, text: comment.text, createdAt: time,
            updatedAt: time)
    }

    /// What has become of the post by its row of ``insertion(of:)``.
    func outcome(_ row: PostgresRow) throws(PostgresError) -> Outcome {
        switch try row.int("outcome") {
        case 0: .inserted(inserted(try row.int("id"), at: at))
        case 1: .refused(.closed)
        case 2: .refused(.blocked(until: try row.timestamp("ends_at"), at: at))
        default: .judgedWrongly
        }
    }

    /// Inserts the posts in their order, as their talks take them, and enters them in the log; to be carried out under the lock, in a
    /// statement behind it. A row for each.
    static func insertion(of posts: [CommentPost]) -> PostgresQuery {
        """
        WITH post AS (
            SELECT * FROM unnest(\(posts.map(\.comment.talkID)),
                \(posts.map { PostgresBytes(Array($0.comment.userIP.utf8)) }),
                \(posts.map { PostgresBytes(Array($0.comment.text.utf8)) }), \(posts.map(\.words)), \(posts.map(\.at)),
                \(posts.map { $0.participant.map { PostgresBytes($0.hash) } }),
                \(posts.map { $0.name.map { PostgresBytes(Array($0.utf8)) } }), \(posts.map(\.judgement.version)),
                \(posts.map(\.judgement.isHeld))) WITH ORDINALITY
                AS post (talk_id, user_ip, comment_text, words, at, participant, name, version, is_held, place)
        ), judged AS (
            SELECT post.*, block.ends_at,
                CASE WHEN talk.state = 'closed' THEN 1 WHEN block.ends_at > post.at THEN 2
                    WHEN coalesce(talk.words_version, 0) <> post.version THEN 3 ELSE 0 END AS outcome,
                talk.id IS NOT NULL AND (talk.moderation = 'before' OR post.is_held) AS waits
            FROM post LEFT JOIN talk ON talk.id = post.talk_id LEFT JOIN block ON block.participant = post.participant
        ), taken AS (
            SELECT nextval('comment_id_seq') AS id, ordered.*
            FROM (SELECT * FROM judged WHERE outcome = 0 ORDER BY place) AS ordered
        ), shown AS (
            INSERT INTO comment (id, talk_id, user_ip, comment_text, created_at, updated_at, words)
            SELECT id, talk_id, user_ip, comment_text, at, at, words::tsvector FROM taken WHERE NOT waits ORDER BY place
        ), held AS (
            INSERT INTO held_comment (id, talk_id, user_ip, comment_text, created_at, updated_at, words, state)
            SELECT id, talk_id, user_ip, comment_text, at, at, words::tsvector, 'waiting' FROM taken WHERE waits
        ), signed AS (
            INSERT INTO author (comment_id, participant, name)
            SELECT id, participant, name FROM taken WHERE participant IS NOT NULL
        ), entry AS (
            SELECT talk_id, place, 0 AS kind, NOT waits AS is_open, id AS comment_id, at FROM taken
        ), \(raw: PostgresChangeLog.entering)
        SELECT outcome, ends_at, id FROM judged LEFT JOIN (SELECT id, place FROM taken) AS taken USING (place) ORDER BY place
        """
    }
}

extension TalkConflict {
    static func blocked(until end: Timestamp, at now: Timestamp) -> TalkConflict {
        .blocked(seconds: (end.microseconds - now.microseconds + 999_999) / 1_000_000)
    }
}
