import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Synchronization

/// What the room and its moderators do with comments. Throws `StoreError` and `TalkConflict`.
final class RoomStore: Sendable {
    /// The log is told of a comment's votes at most so often.
    static let votePause = Duration.milliseconds(100)

    let database: Database
    let changes: ChangeLog
    private let longReads: WorkQueue
    private let now: @Sendable () -> Timestamp
    /// Comments of whose votes the log will be told soon.
    private let announced = Mutex<Set<Int>>([])

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
        try translated { try database.read { try RoomComment.find(id, $0) } }
    }

    /// A page of a talk's comments; one that may take long is read on a worker thread.
    func list(
        _ query: RoomQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> [RoomComment] {
        try await read(isLong: query.isLong, on: loop, for: client) { connection in
            try query.select(connection).rows(RoomComment.self)
        }
    }

    /// The next part of all that is kept of a talk's comments, behind an id, as text: some 512 KiB. `last` is where it ends, `nil`
    /// at the end of all.
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

    /// The entity tag of a talk's Atom feed.
    func atomTag(of talkID: Int) throws -> String {
        try translated { try database.read { try AtomFeed.tag(of: talkID, $0) } }
    }

    /// A talk's Atom feed; `nil` when there is no such talk.
    func atom(
        of talkID: Int, at path: String, _ seal: CommentSeal, on loop: any LoopServices,
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
        if !isLong { return try translated { try database.read(body) } }
        return try await longReads.run(on: loop, for: client) { [self] _, cancellation in
            try translated {
                try database.read { connection in
                    try connection.limited(to: .seconds(2), unless: { cancellation.hasHappened }) {
                        try body(connection)
                    }
                }
            }
        }
    }

    /// Who wrote a comment; `nil` for one that came without a participant's token.
    func author(of id: Int) throws -> Participant? {
        try translated { try database.read { try Participant.author(of: id, $0) } }
    }

    /// Gives a comment somebody's vote, or takes it back; how many it has then, `nil` when nobody sees such a comment.
    ///
    /// - Parameter loop: where it waits until the log is told of a vote that soon follows another; `nil` tells it at once.
    func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, on loop: (any LoopServices)?
    ) async throws -> Int? {
        let outcome = try await write { [self] connection -> (votes: Int, isLogged: Bool)? in
            let now = now()
            guard let comment = try connection.find(Comment.self, id) else { return nil }
            if try TalkRules.find(comment.talkID, connection)?.isClosed ?? false { throw TalkConflict.closed }
            try participant.check(at: now, connection)
            if try Self.setVote(isGiven, for: id, by: participant, connection) {
                try Standing.add(isGiven ? 1 : -1, to: id, in: comment.talkID, connection)
            }
            let pause = loop == nil ? .zero : Self.votePause
            let isLogged = try logVotes(of: id, at: now, after: pause, connection)
            return (try Standing.votes(of: id, connection)?.count ?? 0, isLogged)
        }
        guard let outcome else { return nil }
        if let loop, !outcome.isLogged { announceVotes(of: id, on: loop) }
        return outcome.votes
    }

    /// Whether anything has changed.
    private static func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, _ connection: Connection
    ) throws -> Bool {
        let change =
            isGiven
            ? try connection.prepare("INSERT OR IGNORE INTO vote VALUES (:comment_id, :participant)")
            : try connection.prepare(
                "DELETE FROM vote WHERE comment_id = :comment_id AND participant = :participant")
        try change.bind("comment_id", id)
        try change.bind("participant", participant.hash)
        try change.run()
        return connection.changes > 0
    }

    /// Tells the log of votes that it does not know of, unless it was told less than `pause` ago; whether it knows them all.
    @discardableResult
    private func logVotes(
        of id: Int, at now: Timestamp, after pause: Duration, _ connection: Connection
    ) throws -> Bool {
        guard let votes = try Standing.votes(of: id, connection), votes.count != votes.logged else {
            return true
        }
        let since = now.microseconds - votes.loggedAt.microseconds
        // A clock that was set back must not keep votes away for ever.
        if since >= 0, since < Int(pause / .microseconds(1)) { return false }
        let isShown = try connection.find(Comment.self, id) != nil
        try changes.append(.voted, of: id, in: votes.talkID, at: now, isOpen: isShown, connection)
        try Standing.markLogged(id, at: now, connection)
        return true
    }

    /// Tells the log of them when the pause is over: once for all who vote until then.
    private func announceVotes(of id: Int, on loop: any LoopServices) {
        guard announced.withLock({ $0.insert(id).inserted }) else { return }
        loop.spawn { [self] in
            // A shutdown does not wait: what is not told now is told by the next start.
            try? await loop.sleep(for: Self.votePause)
            announced.withLock { _ = $0.remove(id) }
            _ = try? await database.write { [self] connection in
                try logVotes(of: id, at: now(), after: .zero, connection)
            }
        }
    }

    /// Tells the log of the votes that a crash has kept from it; for the start. Blocks the caller.
    func settleVotes() throws {
        try translated {
            try database.transaction { connection in
                for id in try Standing.unlogged(connection) {
                    try logVotes(of: id, at: now(), after: .zero, connection)
                }
            }
        }
    }

    /// Does what a moderator wants with a comment, and returns it as it then is; `nil` when there is none.
    func set(_ id: Int, _ update: CommentStateUpdate) async throws -> RoomComment? {
        try await write { [self] connection in
            guard let found = try RoomComment.find(id, connection) else { return nil }
            let now = now()
            let state = update.state ?? found.state
            if state != .shown, update.stage == .now { throw TalkConflict.notShown }
            if state != found.state { try move(found, to: state, at: now, connection) }
            guard let old = try RoomComment.find(id, connection) else { return nil }
            let answer = update.answer ?? old.answer
            let new = RoomComment(
                id: id, talkID: old.talkID, text: old.text, name: old.name, createdAt: old.createdAt,
                updatedAt: old.updatedAt, state: state, stage: update.stage ?? old.stage,
                isPinned: update.isPinned ?? old.isPinned, votes: old.votes,
                answer: answer?.isEmpty ?? true ? nil : answer)
            if (new.stage, new.isPinned, new.answer) != (old.stage, old.isPinned, old.answer) {
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

    /// Blocks whoever wrote a comment for a time, or lets them in again; until when, `nil` when there is no such comment.
    ///
    /// Throws `TalkConflict.authorUnknown` for a comment that came without a participant's token.
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

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    private func translated<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}
