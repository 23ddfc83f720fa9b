import CranePostgres
import CraneSchema

/// The log of what has happened in each talk, in PostgreSQL's table `change`.
///
/// Whoever writes holds `lock`, so that numbers are without gaps and visible in their order.
enum PostgresChangeLog {
    /// The lock of all who write: it is let go after its transaction has become visible, and the next one draws its numbers after it has it.
    ///
    /// A statement of its own before those that read: they see what the one before has written.
    static let lock: PostgresQuery = "SELECT pg_advisory_xact_lock(7)"

    /// The end of a list of WITH: enters what `entry` has, in the order of its places. Where other comments of a talk wait or are hidden
    /// than before (`ChangeKind.changesCounts`), an entry for the talk follows.
    ///
    /// Its columns are `talk_id`, `place`, `kind`, `is_open`, `comment_id`, which counts for nothing where the kind is the talk, and `at`.
    static let entering = """
        entries AS (
            SELECT talk_id, place, 0 AS part, kind, is_open, comment_id, at FROM entry
            UNION ALL
            SELECT talk_id, place, 1, 7, true, 0, at FROM entry
            WHERE (kind IN (3, 4) OR kind IN (0, 2) AND NOT is_open)
                AND EXISTS (SELECT FROM talk WHERE talk.id = entry.talk_id)
        ), ends AS MATERIALIZED (
            SELECT t.talk_id, k.seq, k.last_open FROM (SELECT DISTINCT talk_id FROM entry) AS t LEFT JOIN LATERAL (
                SELECT seq, CASE WHEN is_open THEN seq ELSE coalesce(prev, seq - 1) END AS last_open
                FROM change WHERE change.talk_id = t.talk_id ORDER BY seq DESC LIMIT 1
            ) AS k ON true
        ), numbered AS (
            SELECT entries.*, coalesce(ends.last_open, 0) AS last_open,
                coalesce(ends.seq, 0) + row_number() OVER (PARTITION BY talk_id ORDER BY place, part) AS seq
            FROM entries JOIN ends USING (talk_id)
        ), logged AS (
            INSERT INTO change (talk_id, seq, prev, kind, is_open, comment_id, at)
            SELECT talk_id, seq, greatest(last_open, max(CASE WHEN is_open THEN seq END) OVER (
                PARTITION BY talk_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
                kind, is_open, comment_id, at
            FROM numbered ORDER BY place, part
        )
        """

    /// Enters one change, of the talk itself where there is no comment.
    ///
    /// - Parameter isOpen: whether the audience may know of it.
    static func entry(
        _ kind: ChangeKind, of commentID: Int?, in talkID: Int, at now: Timestamp, isOpen: Bool = true
    ) -> PostgresQuery {
        """
        WITH entry AS (
            SELECT \(talkID) AS talk_id, 1 AS place, \(kind.rawValue)::int AS kind, \(isOpen) AS is_open,
                \(commentID ?? 0) AS comment_id, \(now) AS at
        ), \(raw: entering)
        SELECT FROM numbered
        """
    }

    /// Where a talk's log ends for the audience, and for moderators; for a query of `change` of one talk.
    static func newest(for role: FeedRole) -> String {
        role == .moderator ? "seq" : "CASE WHEN is_open THEN seq ELSE coalesce(prev, seq - 1) END"
    }

    /// Epoch and number of a role's newest change, as positions name them.
    static func position(of talkID: Int, for role: FeedRole) -> PostgresQuery {
        """
        SELECT epoch || '-' || coalesce((
            SELECT \(raw: newest(for: role)) FROM change WHERE talk_id = \(talkID) ORDER BY seq DESC LIMIT 1
        ), 0) AS position FROM feed_epoch
        """
    }
}

extension Change {
    /// `nil` for a kind that only a newer version knows.
    init?(_ row: PostgresRow) throws(PostgresError) {
        guard let kind = ChangeKind(rawValue: try row.int("kind")) else { return nil }
        let seq = try row.int("seq")
        self.init(
            talkID: try row.int("talk_id"), seq: seq,
            prev: try row.isNull("prev") ? seq - 1 : try row.int("prev"), kind: kind,
            isOpen: try row.bool("is_open"), commentID: kind == .talk ? nil : try row.int("comment_id"),
            at: try row.timestamp("at"))
    }
}
