import CranePostgres

/// Looks for what cannot be true in a PostgreSQL, also while nodes serve it: PostgreSQL itself looks after its files (`pg_amcheck`).
struct PostgresCheck {
    let session: PostgresBlockingSession

    /// What is wrong and a query that counts it.
    private static let questions: [(problem: String, query: PostgresQuery)] = [
        (
            "comments that are shown and held back at once",
            "SELECT count(*) AS total FROM comment JOIN held_comment USING (id)"
        ),
        (
            "talks whose numbers of comments are wrong",
            """
            SELECT count(*) AS total FROM talk WHERE (comments, waiting, hidden) <> (
                (SELECT count(*) FROM comment WHERE talk_id = talk.id),
                (SELECT count(*) FROM held_comment WHERE talk_id = talk.id AND state = 'waiting'),
                (SELECT count(*) FROM held_comment WHERE talk_id = talk.id AND state = 'hidden'))
            """
        ),
        (
            "talks with two comments on the stage",
            """
            SELECT count(*) AS total FROM (
                SELECT talk_id FROM standing WHERE stage = 'now' GROUP BY talk_id HAVING count(*) > 1) AS talks
            """
        ),
        (
            "votes, stages or authors of comments that are not there",
            """
            SELECT count(*) AS total FROM (
                SELECT comment_id FROM standing UNION SELECT comment_id FROM author UNION SELECT comment_id FROM vote
            ) AS made WHERE NOT EXISTS (SELECT FROM comment WHERE id = comment_id)
                AND NOT EXISTS (SELECT FROM held_comment WHERE id = comment_id)
            """
        ),
        (
            "comments with more voters than votes",
            """
            SELECT count(*) AS total FROM (SELECT comment_id, count(*) AS voters FROM vote GROUP BY comment_id) AS given
                LEFT JOIN standing USING (comment_id) WHERE voters > coalesce(votes, 0)
            """
        ),
        (
            "talks with gaps in their log",
            """
            SELECT count(*) AS total FROM (
                SELECT talk_id FROM change GROUP BY talk_id HAVING max(seq) - min(seq) + 1 <> count(*)) AS talks
            """
        ),
        (
            "comments whose ids will be given again",
            """
            SELECT count(*) AS total FROM \(raw: RoomComment.everywhere) CROSS JOIN comment_id_seq WHERE c.id > last_value
            """
        ),
    ]

    /// One line for each problem.
    func problems() throws -> [String] {
        try session.transaction {
            try session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try session.execute("SET LOCAL statement_timeout = 0")
            return try Self.questions.compactMap { problem, query in
                let total = try session.execute(query)[0].int("total")
                return total == 0 ? nil : "\(total) \(problem)"
            }
        }
    }
}
