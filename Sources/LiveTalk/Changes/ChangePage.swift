import CraneSQLite
import CraneSchema

/// A part of a talk's log as one role may read it, all of one moment.
struct ChangePage: Sendable {
    /// What the numbers belong to.
    let epoch: String
    /// The lowest number from which one can go on.
    let oldest: Int
    /// The number of the role's newest change; 0 for none.
    let newest: Int
    /// Each change with its JSON, the oldest first.
    let changes: [(change: Change, json: String)]

    /// A page of JSON ends behind so many bytes.
    static let bytes = 256 << 10

    /// Reads the changes behind a number, or the newest ones.
    init(
        of talkID: Int, for role: FeedRole, after position: Int?, limit: Int, _ connection: Connection
    ) throws {
        epoch = try FeedEpoch.current(connection)
        let ends = try connection.prepare(
            """
            SELECT (SELECT min(seq) FROM change WHERE talk_id = :talk_id) AS oldest, seq, prev, is_open
            FROM change WHERE talk_id = :talk_id ORDER BY seq DESC LIMIT 1
            """)
        try ends.bind("talk_id", talkID)
        guard try ends.step() else {
            (oldest, newest, changes) = (0, 0, [])
            return
        }
        oldest = try ends.int("oldest") - 1
        let isLastSeen = try role == .moderator || ends.int("is_open") != 0
        newest = try isLastSeen ? ends.int("seq") : ends.int("prev")
        changes = try Self.changes(of: talkID, for: role, after: position, limit: limit, connection)
    }

    private static func changes(
        of talkID: Int, for role: FeedRole, after position: Int?, limit: Int, _ connection: Connection
    ) throws -> [(change: Change, json: String)] {
        let columns = "SELECT seq, prev, kind, is_open, comment_id, at FROM change"
        let filter = "WHERE talk_id = :talk_id AND is_open >= :least"
        let rows =
            position == nil
            ? try connection.prepare(
                "SELECT * FROM (\(columns) \(filter) ORDER BY seq DESC LIMIT :limit) ORDER BY seq")
            : try connection.prepare("\(columns) \(filter) AND seq > :position ORDER BY seq LIMIT :limit")
        try rows.bind("talk_id", talkID)
        try rows.bind("least", role == .audience ? 1 : 0)
        try rows.bind("limit", limit)
        if let position { try rows.bind("position", position) }
        var read: [(change: Change, json: String)] = []
        var room = bytes
        while room > 0, try rows.step() {
            guard let kind = ChangeKind(rawValue: try rows.int("kind")) else { continue }
            let change = Change(
                talkID: talkID, seq: try rows.int("seq"), prev: try rows.int("prev"), kind: kind,
                isOpen: try rows.int("is_open") != 0, commentID: try rows.value("comment_id", as: Int?.self),
                at: try rows.value("at", as: Timestamp.self)
            ).seen(by: role)
            let json = try ChangeText.json(change, for: role, connection)
            room -= json.utf8.count
            read.append((change, json))
        }
        return read
    }
}
