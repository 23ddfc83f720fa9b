import CraneSQLite
import CraneSchema

/// A comment that moderators only see, in a table of its own.
enum HeldComment {
    /// Takes a comment out of everybody's sight.
    static func hold(_ id: Int, as state: CommentState, _ connection: Connection) throws {
        let insert = try connection.prepare(holding)
        try insert.bind("id", id)
        try insert.bind("state", state)
        try insert.run()
        let delete = try connection.prepare("DELETE FROM comment WHERE id = :id")
        try delete.bind("id", id)
        try delete.run()
        // What nobody sees is on no stage.
        let leave = try connection.prepare(
            "UPDATE standing SET stage = 'none' WHERE comment_id = :id AND stage = 'now'")
        try leave.bind("id", id)
        try leave.run()
    }

    /// Lets everybody see it again, in its old place.
    static func release(_ id: Int, _ connection: Connection) throws {
        let insert = try connection.prepare(releasing)
        try insert.bind("id", id)
        try insert.run()
        let delete = try connection.prepare("DELETE FROM held_comment WHERE id = :id")
        try delete.bind("id", id)
        try delete.run()
    }

    /// Gives one that is held another state in which it is.
    static func set(_ id: Int, to state: CommentState, _ connection: Connection) throws {
        let update = try connection.prepare("UPDATE held_comment SET state = :state WHERE id = :id")
        try update.bind("id", id)
        try update.bind("state", state)
        try update.run()
    }

    static func find(_ id: Int, _ connection: Connection) throws -> Comment? {
        let row = try connection.prepare(finding)
        try row.bind("id", id)
        return try row.step() ? try row.row(Comment.self) : nil
    }

    /// Changes the text of one that is held; whether it was another one.
    static func update(_ id: Int, _ update: CommentUpdate, at now: Timestamp, _ connection: Connection) throws
        -> Bool
    {
        let change = try connection.prepare(
            """
            UPDATE held_comment SET comment_text = :comment_text, updated_at = max(:now, updated_at + 1)
            WHERE id = :id AND comment_text IS NOT :comment_text
            """)
        try change.bind("id", id)
        try change.bind(members: update)
        try change.bind("now", now)
        try change.run()
        return connection.changes > 0
    }

    /// Removes one that is held; whether there was one.
    static func delete(_ id: Int, _ connection: Connection) throws -> Bool {
        let delete = try connection.prepare("DELETE FROM held_comment WHERE id = :id")
        try delete.bind("id", id)
        try delete.run()
        return connection.changes > 0
    }

    private static let columns = Comment.table.columnList()
    private static let holding = SQL(
        "INSERT INTO held_comment (\(columns), state) SELECT \(columns), :state FROM comment WHERE id = :id")
    private static let releasing = SQL(
        "INSERT INTO comment (\(columns)) SELECT \(columns) FROM held_comment WHERE id = :id")
    private static let finding = SQL("SELECT \(columns) FROM held_comment WHERE id = :id")
}
