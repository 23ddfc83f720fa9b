import CraneSQLite
import CraneSchema

/// How a comment stands in the room: its votes, its stage, its pin and its answer, in SQLite's table `standing`.
enum Standing {
    /// The votes of a comment, and those that the log knows of.
    struct Votes {
        let talkID: Int
        let count: Int
        let logged: Int
        let loggedAt: Timestamp
    }

    /// Adds to the votes of a comment, or takes from them.
    static func add(_ votes: Int, to commentID: Int, in talkID: Int, _ connection: Connection) throws {
        let change = try connection.prepare(
            """
            INSERT INTO standing (comment_id, talk_id, votes) VALUES (:comment_id, :talk_id, :votes)
            ON CONFLICT DO UPDATE SET votes = votes + excluded.votes
            """)
        try change.bind("comment_id", commentID)
        try change.bind("talk_id", talkID)
        try change.bind("votes", votes)
        try change.run()
    }

    static func votes(of commentID: Int, _ connection: Connection) throws -> Votes? {
        let row = try connection.prepare(
            "SELECT talk_id, votes, logged_votes, logged_at FROM standing WHERE comment_id = :comment_id")
        try row.bind("comment_id", commentID)
        guard try row.step() else { return nil }
        return Votes(
            talkID: try row.int("talk_id"), count: try row.int("votes"), logged: try row.int("logged_votes"),
            loggedAt: try row.value("logged_at", as: Timestamp.self))
    }

    /// Notes that the log knows of all votes.
    static func markLogged(_ commentID: Int, at now: Timestamp, _ connection: Connection) throws {
        let change = try connection.prepare(
            """
            UPDATE standing SET logged_votes = votes, logged_at = :now WHERE comment_id = :comment_id
            """)
        try change.bind("comment_id", commentID)
        try change.bind("now", now)
        try change.run()
    }

    /// Comments with votes that the log does not know of.
    static func unlogged(_ connection: Connection) throws -> [Int] {
        let rows = try connection.prepare("SELECT comment_id FROM standing WHERE votes <> logged_votes")
        var ids: [Int] = []
        while try rows.step() { ids.append(try rows.int("comment_id")) }
        return ids
    }

    /// What a moderator has made of a comment.
    static func set(_ comment: RoomComment, _ connection: Connection) throws {
        let change = try connection.prepare(
            """
            INSERT INTO standing (comment_id, talk_id, stage, is_pinned, answer)
            VALUES (:comment_id, :talk_id, :stage, :is_pinned, :answer)
            ON CONFLICT DO UPDATE SET stage = excluded.stage, is_pinned = excluded.is_pinned, answer = excluded.answer
            """)
        try change.bind("comment_id", comment.id)
        try change.bind("talk_id", comment.talkID)
        try change.bind("stage", comment.stage)
        try change.bind("is_pinned", comment.isPinned)
        try change.bind("answer", comment.answer)
        try change.run()
    }

    /// The comments on the talk's stage but this one.
    static func onStage(of talkID: Int, but commentID: Int, _ connection: Connection) throws -> [Int] {
        let rows = try connection.prepare(
            """
            SELECT comment_id FROM standing
            WHERE talk_id = :talk_id AND stage = 'now' AND comment_id <> :comment_id
            """)
        try rows.bind("talk_id", talkID)
        try rows.bind("comment_id", commentID)
        var ids: [Int] = []
        while try rows.step() { ids.append(try rows.int("comment_id")) }
        return ids
    }

    /// Forgets all that the room has made of a comment that is deleted.
    static func forget(_ commentID: Int, _ connection: Connection) throws {
        for statement in [
            try connection.prepare("DELETE FROM standing WHERE comment_id = :comment_id"),
            try connection.prepare("DELETE FROM vote WHERE comment_id = :comment_id"),
            try connection.prepare("DELETE FROM author WHERE comment_id = :comment_id"),
        ] {
            try statement.bind("comment_id", commentID)
            try statement.run()
        }
    }
}
