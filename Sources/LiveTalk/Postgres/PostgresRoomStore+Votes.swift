import Crane
import CranePostgres
import CraneSchema
import Synchronization

/// Somebody's vote on its way into the database.
struct PostgresBallot: Sendable {
    let commentID: Int
    let participant: Participant
    let isGiven: Bool
    /// How long after it was told of the comment's votes the log is told again.
    let pause: Duration

    /// Its bytes in a statement, about.
    var size: Int { 64 }

    /// What has become of a ballot.
    enum Outcome: Sendable {
        case counted(votes: Int, isLogged: Bool)
        case refused(TalkConflict)
        case missing
    }

    /// Counts the votes, of one participant and comment the last one, and enters in the log the totals of those of which it was not told
    /// a moment ago; to be carried out under the lock, in a statement behind it. A row for each ballot.
    static func counting(_ ballots: [PostgresBallot], at now: Timestamp) -> PostgresQuery {
        """
        WITH ballot AS (
            SELECT * FROM unnest(\(ballots.map(\.commentID)), \(ballots.map { PostgresBytes($0.participant.hash) }),
                \(ballots.map(\.isGiven)), \(ballots.map { Int($0.pause / .microseconds(1)) })) WITH ORDINALITY
                AS ballot (comment_id, participant, is_given, pause, place)
        ), judged AS (
            SELECT ballot.*, c.talk_id, block.ends_at,
                CASE WHEN c.id IS NULL THEN 3 WHEN talk.state = 'closed' THEN 1 WHEN block.ends_at > \(now) THEN 2
                    ELSE 0 END AS outcome
            FROM ballot LEFT JOIN comment AS c ON c.id = ballot.comment_id LEFT JOIN talk ON talk.id = c.talk_id
                LEFT JOIN block ON block.participant = ballot.participant
        ), counting AS (
            SELECT DISTINCT ON (comment_id, participant) * FROM judged WHERE outcome = 0
            ORDER BY comment_id, participant, place DESC
        ), given AS (
            INSERT INTO vote (comment_id, participant) SELECT comment_id, participant FROM counting WHERE is_given
            ON CONFLICT DO NOTHING RETURNING comment_id
        ), taken AS (
            DELETE FROM vote USING counting WHERE NOT counting.is_given
                AND vote.comment_id = counting.comment_id AND vote.participant = counting.participant
            RETURNING vote.comment_id
        ), moved AS (
            SELECT comment_id, sum(votes) AS votes
            FROM (SELECT comment_id, 1 AS votes FROM given UNION ALL SELECT comment_id, -1 FROM taken) AS one
            GROUP BY comment_id
        ), stood AS (
            SELECT c.comment_id, c.talk_id, coalesce(s.votes, 0) + coalesce(moved.votes, 0)::bigint AS votes,
                coalesce(s.logged_votes, 0) AS logged_votes, coalesce(s.logged_at, 'epoch') AS logged_at,
                coalesce(moved.votes, 0) <> 0 AS is_moved, \(now) - coalesce(s.logged_at, 'epoch') AS since, c.pause
            FROM (SELECT comment_id, talk_id, min(pause) AS pause FROM counting GROUP BY comment_id, talk_id) AS c
                LEFT JOIN standing AS s USING (comment_id) LEFT JOIN moved USING (comment_id)
        ), stands AS (
            SELECT *, is_moved AND votes <> logged_votes AND (since < interval '0' OR since >= pause * interval '1 microsecond')
                AS is_due FROM stood
        ), kept AS (
            INSERT INTO standing (comment_id, talk_id, votes, logged_votes, logged_at)
            SELECT comment_id, talk_id, votes, CASE WHEN is_due THEN votes ELSE logged_votes END,
                CASE WHEN is_due THEN \(now) ELSE logged_at END
            FROM stands WHERE is_moved ORDER BY comment_id
            ON CONFLICT (comment_id) DO UPDATE SET votes = excluded.votes, logged_votes = excluded.logged_votes,
                logged_at = excluded.logged_at
        ), entry AS (
            SELECT talk_id, row_number() OVER (ORDER BY comment_id) AS place, \(ChangeKind.voted.rawValue)::int AS kind,
                true AS is_open, comment_id, \(now) AS at FROM stands WHERE is_due
        ), \(raw: PostgresChangeLog.entering)
        SELECT outcome, ends_at, votes, is_due OR votes = logged_votes AS is_logged, \(now) AS at
        FROM judged LEFT JOIN (SELECT comment_id, votes, logged_votes, is_due FROM stands) AS stands USING (comment_id)
        ORDER BY judged.place
        """
    }
}

extension PostgresBallot.Outcome {
    init(_ row: PostgresRow) throws(PostgresError) {
        switch try row.int("outcome") {
        case 0: self = .counted(votes: try row.int("votes"), isLogged: try row.bool("is_logged"))
        case 1: self = .refused(.closed)
        case 2:
            self = .refused(.blocked(until: try row.timestamp("ends_at"), at: try row.timestamp("at")))
        default: self = .missing
        }
    }
}

extension PostgresRoomStore {
    func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, on loop: (any LoopServices)?
    ) async throws -> Int? {
        let pause = loop == nil ? .zero : SQLiteRoomStore.votePause
        let ballot = PostgresBallot(commentID: id, participant: participant, isGiven: isGiven, pause: pause)
        let outcome = try await StoreError.translating {
            do throws(PostgresError) {
                return try await ballots.carryOut(ballot)
            } catch {
                guard error.kind == .connectionLost else { throw error }
                // To give a vote twice, or to take it back twice, is to do so once.
                return try await ballots.carryOut(ballot)
            }
        }
        switch outcome {
        case .missing: return nil
        case .refused(let conflict): throw conflict
        case .counted(let votes, let isLogged):
            changed()
            if let loop, !isLogged { announceVotes(of: id, on: loop) }
            return votes
        }
    }

    /// Tells the log of them when the pause is over: once for all who vote at this node until then.
    private func announceVotes(of id: Int, on loop: any LoopServices) {
        guard announced.withLock({ $0.insert(id).inserted }) else { return }
        loop.spawn { [self] in
            // A shutdown does not wait: what is not told now another node tells, or the next start.
            try? await loop.sleep(for: SQLiteRoomStore.votePause)
            announced.withLock { _ = $0.remove(id) }
            try? await settleVotes(of: id)
        }
    }

    /// Tells the log of votes that it does not know of: of a comment's, or of all that a node which ended has left for a second.
    func settleVotes(of id: Int? = nil) async throws {
        let now = now()
        let oldest = id == nil ? now + .seconds(-1) : nil
        let found: PostgresQuery =
            "SELECT FROM standing WHERE votes <> logged_votes\(and: "logged_at <", oldest) LIMIT 1"
        if id == nil, try await StoreError.translating({ try await database.query(found).isEmpty }) { return }
        _ = try await StoreError.translating {
            try await database.execute([
                PostgresChangeLog.lock,
                """
                WITH due AS (
                    SELECT comment_id, talk_id FROM standing WHERE votes <> logged_votes\(and: "comment_id =", id)\(
                        and: "logged_at <", oldest) ORDER BY comment_id LIMIT 1000
                ), told AS (
                    UPDATE standing SET logged_votes = votes, logged_at = \(now) FROM due
                    WHERE standing.comment_id = due.comment_id
                ), entry AS (
                    SELECT talk_id, row_number() OVER (ORDER BY comment_id) AS place, \(ChangeKind.voted.rawValue)::int AS kind,
                        EXISTS (SELECT FROM comment WHERE id = comment_id) AS is_open, comment_id, \(now) AS at FROM due
                ), \(raw: PostgresChangeLog.entering)
                SELECT FROM numbered
                """,
            ])
        }
        changed()
    }
}
