import CraneSQLite
import CraneSchema

/// What the stage, or a moderator, is shown of a talk: all of one moment.
struct RoomView: Sendable {
    /// So many comments of each kind; what is missing the page's script asks for.
    static let length = CommentQuery.maximumLimit
    static let longestText = 4000
    /// So many of the newest stand beside those with most votes.
    private static let newest = 20

    let talk: Talk
    /// Where the role's feed stands: `EPOCH-SEQ`.
    let position: String
    /// What is shown: what is on the stage and next, those with most votes, the newest; for moderators the held ones behind it.
    let comments: [RoomComment]

    /// One of what was found, the staged ones first; each comment stands in it once.
    init(of talk: Talk, at position: String, found: [RoomComment]) {
        (self.talk, self.position) = (talk, position)
        var known = Set<Int>()
        comments = found.filter { known.insert($0.id).inserted }
    }

    init(of talk: Talk, for role: FeedRole, _ connection: Connection) throws {
        let page = try ChangePage(of: talk.id, for: role, after: nil, limit: 0, connection)
        let staged = try connection.prepare(Self.staged)
        try staged.bind("talk_id", talk.id)
        var found = try staged.rows(RoomComment.self)
        for query in Self.queries(of: talk.id, for: role) {
            found += try query.select(connection).rows(RoomComment.self)
        }
        self.init(of: talk, at: "\(page.epoch)-\(page.newest)", found: found)
    }

    /// What is shown beside what is staged.
    static func queries(of talkID: Int, for role: FeedRole) -> [RoomQuery] {
        let shown = [
            RoomQuery(talkID: talkID, order: .top, limit: length),
            RoomQuery(talkID: talkID, order: .newest, limit: newest),
        ]
        if role == .audience { return shown }
        return shown + [
            RoomQuery(talkID: talkID, state: .waiting, order: .id, limit: length),
            RoomQuery(talkID: talkID, state: .hidden, order: .newest, limit: length),
        ]
    }

    /// Whether it may take longer to read than a loop can be held.
    static func isLong(_ talk: Talk) -> Bool { talk.comments + talk.waiting + talk.hidden > 200 }

    private static let staged = SQL(
        """
        SELECT \(RoomComment.columns(state: "'shown'")) FROM comment AS c \(RoomComment.joins)
        WHERE c.talk_id = :talk_id AND c.id IN (
            SELECT comment_id FROM standing WHERE talk_id = :talk_id AND stage IN ('now', 'queued'))
        """)

    /// What the page's script is told, at the address that the application is served under.
    ///
    /// Texts end behind some thousand characters: a client of the API may have posted a megabyte.
    func data(root: String) throws -> [JSONValue.Member] {
        let comments = comments.map { $0.shortened(to: Self.longestText) }
        return [
            .init("talk", try JSONValue.parse(Talk.schema.encode(talk))),
            .init("position", .string(position)), .init("root", .string(root)),
            .init("comments", try JSONValue.parse([RoomComment].schema.encode(comments))),
        ]
    }
}

extension RoomComment {
    /// The same with a text of so many characters at most.
    fileprivate func shortened(to length: Int) -> RoomComment {
        guard text.utf8.count > length else { return self }
        return RoomComment(
            id: id, talkID: talkID, text: String(text.unicodeScalars.prefix(length)), name: name,
            createdAt: createdAt, updatedAt: updatedAt, state: state, stage: stage, isPinned: isPinned,
            votes: votes, answer: answer)
    }
}
