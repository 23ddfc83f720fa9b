import CranePostgres

extension RoomRecord {
    /// The next records behind an id, of one talk or of all, by id: of their texts some bytes, and one record at least.
    ///
    /// - Parameter isFull: whether those that wait or are hidden are among them.
    static func page(
        after id: Int, of talkID: Int?, isFull: Bool = true, bytes: Int
    ) -> PostgresQuery {
        """
        SELECT * FROM (
            SELECT \(raw: RoomComment.postgresColumns(state: "c.state")), c.user_ip,
                sum(octet_length(c.comment_text)) OVER (ORDER BY c.id) - octet_length(c.comment_text) AS before
            FROM (
                SELECT c.* FROM \(raw: RoomComment.everywhere) WHERE c.id > \(id)\(and: "c.talk_id =", talkID)\(
                    and: "c.state =", isFull ? nil : "shown")
                ORDER BY c.id LIMIT 1000
            ) AS c \(raw: RoomComment.joins)
        ) AS bounded WHERE before < \(bytes) ORDER BY id
        """
    }
}
