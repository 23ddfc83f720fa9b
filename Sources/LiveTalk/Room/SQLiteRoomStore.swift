import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Synchronization

/// What the room and its moderators make of comments, in SQLite's tables `vote`, `standing` and `held_comment`.
final class SQLiteRoomStore: RoomStore, SQLiteStore {
    let database: Database
    let changes: ChangeLog
    private let longReads: WorkQueue
    let now: @Sendable () -> Timestamp
    /// Comments of whose votes the log will be told soon.
    let announced = Mutex<Set<Int>>([])

    /// The database's migrations must have been applied: see `Migration.room`.
    init(
        _ database: Database, _ changes: ChangeLog, longReads: WorkQueue,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.changes = changes
        self.longReads = longReads
        self.now = now
    }

    func comment(_ id: Int) throws -> RoomComment? {
        try read { try RoomComment.find(id, $0) }
    }

    func list(
        _ query: RoomQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> [RoomComment] {
        try await read(isLong: query.isLong, on: loop, for: client) { connection in
            try query.select(connection).rows(RoomComment.self)
        }
    }

    func export(
        _ talkID: Int, after id: Int, as format: TransferFormat, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> (bytes: [UInt8], last: Int?) {
        try await read(isLong: true, on: loop, for: client) { connection in
            let rows = try RoomRecord.rows(after: id, of: talkID, connection)
            var bytes: [UInt8] = []
            while try rows.step() {
                let record = try rows.row(RoomRecord.self)
                format.append(record, to: &bytes)
                if bytes.count >= CommentQuery.heldBytes { return (bytes, record.id) }
            }
            return (bytes, nil)
        }
    }

    func atomTag(of talkID: Int) throws -> String {
        try read { try AtomFeed.tag(of: talkID, $0) }
    }

    func atom(
        of talkID: Int, at path: String, _ seal: CommentTokenSigner, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> [UInt8]? {
        try await read(isLong: true, on: loop, for: client) {
            try AtomFeed(of: talkID, $0)?.xml(at: path, seal)
        }
    }

    /// Reads on the loop, or what may take long on a worker thread, for which clients take turns.
    func read<Value: Sendable>(
        isLong: Bool, on loop: any LoopServices, for client: PeerAddress,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        if !isLong { return try read(body) }
        return try await longReads.run(on: loop, for: client) { [self] _, cancellation in
            try read { connection in
                try connection.limited(to: .seconds(2), unless: { cancellation.hasHappened }) {
                    try body(connection)
                }
            }
        }
    }

    func view(
        of talk: Talk, _ query: TalkView.Query, for participant: Participant?, since recent: Timestamp,
        on loop: any LoopServices, for client: PeerAddress
    ) async throws -> TalkView {
        try await read(isLong: TalkView.isLong(talk), on: loop, for: client) { connection in
            // As it is in the moment of the list.
            let talk = try connection.find(Talk.self, talk.id) ?? talk
            return try TalkView(of: talk, query, for: participant, since: recent, connection)
        }
    }

    func view(
        of talk: Talk, for role: FeedRole, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> RoomView {
        try await read(isLong: RoomView.isLong(talk), on: loop, for: client) { connection in
            let talk = try connection.find(Talk.self, talk.id) ?? talk
            return try RoomView(of: talk, for: role, connection)
        }
    }

    func author(of id: Int) throws -> Participant? {
        try read { try Participant.author(of: id, $0) }
    }

    func set(_ id: Int, _ update: CommentStateUpdate) async throws -> RoomComment? {
        try await write { [self] connection in
            guard let found = try RoomComment.find(id, connection) else { return nil }
            let now = now()
            let state = try update.state(of: found)
            if state != found.state { try move(found, to: state, at: now, connection) }
            guard let old = try RoomComment.find(id, connection) else { return nil }
            let new = update.applied(to: old)
            if new != old {
                if new.stage == .now { try clearStage(for: new, at: now, connection) }
                try Standing.set(new, connection)
                try changes.append(
                    .stage, of: id, in: new.talkID, at: now, isOpen: state == .shown, connection)
            }
            return new
        }
    }

    private func move(
        _ comment: RoomComment, to state: CommentState, at now: Timestamp, _ connection: Connection
    ) throws {
        switch (comment.state, state) {
        case (.shown, _):
            try HeldComment.hold(comment.id, as: state, connection)
            try changes.append(.hidden, of: comment.id, in: comment.talkID, at: now, connection)
        case (_, .shown):
            try HeldComment.release(comment.id, connection)
            try changes.append(.restored, of: comment.id, in: comment.talkID, at: now, connection)
        default:
            try HeldComment.set(comment.id, to: state, connection)
            try changes.append(
                .hidden, of: comment.id, in: comment.talkID, at: now, isOpen: false, connection)
        }
    }

    /// Puts what is on the stage back into the queue: a moderator says which was answered.
    private func clearStage(for comment: RoomComment, at now: Timestamp, _ connection: Connection) throws {
        for id in try Standing.onStage(of: comment.talkID, but: comment.id, connection) {
            let change = try connection.prepare(
                "UPDATE standing SET stage = 'queued' WHERE comment_id = :comment_id")
            try change.bind("comment_id", id)
            try change.run()
            try changes.append(.stage, of: id, in: comment.talkID, at: now, connection)
        }
    }

    func block(authorOf id: Int, for duration: Duration) async throws -> Timestamp? {
        try await write { [self] connection in
            guard try RoomComment.find(id, connection) != nil else { return nil }
            guard let author = try Participant.author(of: id, connection) else {
                throw TalkConflict.authorUnknown
            }
            let now = now()
            let end = Timestamp(microseconds: now.microseconds + Int(duration / .microseconds(1)))
            // Those that are over go, so that the table holds the present ones.
            let clear = try connection.prepare("DELETE FROM block WHERE ends_at <= :now")
            try clear.bind("now", now)
            try clear.run()
            let insert = try connection.prepare(
                "INSERT OR REPLACE INTO block VALUES (:participant, :ends_at)")
            try insert.bind("participant", author.hash)
            try insert.bind("ends_at", end)
            try insert.run()
            return end
        }
    }
}
