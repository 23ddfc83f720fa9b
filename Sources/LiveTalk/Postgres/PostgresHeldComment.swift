import CranePostgres

/// Comments that moderators only see, in a table of their own.
enum PostgresHeldComment {
    private static let columns = PostgresCommentStore.columns + ", words"

    /// Takes a comment out of everybody's sight; what nobody sees is on no stage.
    static func holding(_ id: Int, as state: CommentState) -> PostgresQuery {
        """
        WITH gone AS (
            DELETE FROM comment WHERE id = \(id) RETURNING \(raw: columns)
        ), cleared AS (
            UPDATE standing SET stage = 'none' WHERE comment_id = \(id) AND stage = 'now'
        )
        INSERT INTO held_comment (\(raw: columns), state) SELECT \(raw: columns), \(state.rawValue) FROM gone
        """
    }

    /// Lets everybody see it again, in its old place.
    static func releasing(_ id: Int) -> PostgresQuery {
        """
        WITH gone AS (DELETE FROM held_comment WHERE id = \(id) RETURNING \(raw: columns))
        INSERT INTO comment (\(raw: columns)) SELECT \(raw: columns) FROM gone
        """
    }
}
