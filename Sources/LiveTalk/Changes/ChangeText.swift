import CraneSQLite
import CraneSchema

/// A change as the feed says it, by what is true of its comment now: a text that was hidden or edited away is never said again.
///
/// The members before the last are always `kind` and `at`, in this order.
enum ChangeText {
    /// What a change is about, as it is now.
    enum Content {
        case comment(RoomComment)
        case votes(of: Int, Int)
        case talk(Talk)
        /// What is not there any more, or not for this role.
        case id(Int)
    }

    /// The JSON of a change for a role.
    static func json(_ change: Change, for role: FeedRole, _ connection: Connection) throws -> String {
        try json(
            change, for: role, comment: { try RoomComment.find($0, connection) },
            talk: { try connection.find(Talk.self, $0) })
    }

    /// The JSON of a change for a role, by what its comment or its talk is now.
    static func json(
        _ change: Change, for role: FeedRole, comment: (Int) throws -> RoomComment?,
        talk: (Int) throws -> Talk?
    ) rethrows -> String {
        let (kind, content) = try present(change, for: role, comment: comment, talk: talk)
        return json(kind.name, at: change.at.description, content)
    }

    /// What a webhook says of a change that everybody may know of: type, time and data, as Standard Webhooks has them.
    static func webhook(_ change: Change, _ connection: Connection) throws -> [UInt8] {
        let (kind, content) = try present(
            change, for: .audience, comment: { try RoomComment.find($0, connection) },
            talk: { try connection.find(Talk.self, $0) })
        return webhook(change, kind, content)
    }

    /// The same of a change that is this by now.
    static func webhook(_ change: Change, _ kind: ChangeKind, _ content: Content) -> [UInt8] {
        JSONWriter.bytes { json in
            json.raw(Array("{\"type\":\"comment.\(kind.name)\",\"timestamp\":\"\(change.at)\",".utf8))
            json.raw(Array("\"data\":{\"talk_id\":\(change.talkID),\"seq\":\(change.seq),".utf8))
            write(content, to: &json)
            json.raw("}}")
        }
    }

    /// What an event that was sent says when it is sent again, now that its comment is `content`.
    static func again(_ json: String, _ kind: ChangeKind?, _ content: Content) -> String {
        // {"kind":"created","at":"2026-11-22T10:27:46.435673Z",...
        let parts = json.split(separator: "\"", maxSplits: 8, omittingEmptySubsequences: false)
        guard parts.count == 9 else { return json }
        return self.json(kind?.name ?? String(parts[3]), at: String(parts[7]), content)
    }

    /// What a role is told of a comment: itself, or which way it has gone.
    static func present(_ id: Int, for role: FeedRole, _ connection: Connection) throws -> (
        gone: ChangeKind?, content: Content
    ) {
        present(id, for: role, try RoomComment.find(id, connection))
    }

    /// What a role is told of a comment that is `comment` now.
    static func present(_ id: Int, for role: FeedRole, _ comment: RoomComment?) -> (
        gone: ChangeKind?, content: Content
    ) {
        guard let comment else { return (.deleted, .id(id)) }
        if role == .audience, comment.state != .shown { return (.hidden, .id(id)) }
        return (nil, .comment(comment))
    }

    /// What a role is told of a change, by what its comment or its talk is now, which are looked up where they are needed.
    static func present(
        _ change: Change, for role: FeedRole, comment: (Int) throws -> RoomComment?,
        talk: (Int) throws -> Talk?
    ) rethrows -> (ChangeKind, Content) {
        guard let id = change.commentID else {
            let talk = try talk(change.talkID)
            return (change.kind, talk.map { .talk($0) } ?? .id(change.talkID))
        }
        if change.kind == .deleted || change.kind == .hidden && role == .audience {
            return (change.kind, .id(id))
        }
        let (gone, content) = present(id, for: role, try comment(id))
        if change.kind == .voted, case .comment(let comment) = content {
            return (.voted, .votes(of: id, comment.votes))
        }
        return (gone ?? change.kind, content)
    }

    /// The JSON of a change of this kind, with what it is about as it is now.
    static func json(_ kind: String, at time: String, _ content: Content) -> String {
        let json = JSONWriter.bytes { json in write(kind, at: time, content, to: &json) }
        return String(decoding: json, as: UTF8.self)
    }

    private static func write(
        _ kind: String, at time: String, _ content: Content, to json: inout JSONWriter
    ) {
        json.raw("{\"kind\":")
        json.string(kind)
        json.raw(",\"at\":")
        json.string(time)
        json.raw(",")
        write(content, to: &json)
        json.raw("}")
    }

    /// The last member.
    private static func write(_ content: Content, to json: inout JSONWriter) {
        switch content {
        case .comment(let comment):
            json.raw("\"comment\":")
            RoomComment.schema.write(comment, to: &json)
        case .votes(let id, let votes):
            json.raw("\"id\":")
            json.integer(id)
            json.raw(",\"votes\":")
            json.integer(votes)
        case .talk(let talk):
            json.raw("\"talk\":")
            Talk.schema.write(talk, to: &json)
        case .id(let id):
            json.raw("\"id\":")
            json.integer(id)
        }
    }
}
