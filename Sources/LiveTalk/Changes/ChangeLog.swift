import Crane
import CraneSQLite
import CraneSchema
import Synchronization

/// The log of what has happened in each talk, in SQLite's table `change`.
///
/// A change takes the talk's next number in the transaction that makes it. There is one writer, so numbers are without gaps and in
/// the order of the commits, and one that somebody has been told is never given to another change of the same epoch.
final class ChangeLog: Sendable {
    /// After so many changes of a talk old ones are looked for.
    private static let stride = 256
    /// So many go at once at most: a millisecond of the writer's time.
    private static let trimmed = 512

    /// How long changes can be resumed, and how many of a talk.
    private let lifetime: Duration
    private let kept: Int
    private let webhooks: ChangeWebhooks?
    /// The talk whose old changes are looked for next: silent talks lose theirs too.
    private let swept = Mutex(Int.min)

    /// The database's migrations must have been applied: see `Migration.changes`.
    init(
        keeping lifetime: Duration = .seconds(7 * 86_400), newest kept: Int = 50_000,
        webhooks: ChangeWebhooks? = nil
    ) {
        self.lifetime = lifetime
        self.kept = kept
        self.webhooks = webhooks
    }

    /// Enters a change, in the transaction that makes it. Where other comments of a talk wait or are hidden than before, an entry for
    /// the talk follows, which tells everybody how many.
    ///
    /// - Parameters:
    ///   - isOpen: whether the audience may know of it.
    ///   - newest: the talk's newest change, where it is known.
    @discardableResult
    func append(
        _ kind: ChangeKind, of commentID: Int?, in talkID: Int, at now: Timestamp, isOpen: Bool = true,
        after newest: Newest? = nil, _ connection: Connection
    ) throws -> Change {
        let newest = try newest ?? Newest(of: talkID, connection)
        let (seq, prev) = (newest.seq + 1, newest.openSeq)
        let insert = try connection.prepare(
            "INSERT INTO change VALUES (:talk_id, :seq, :prev, :kind, :is_open, :comment_id, :at)")
        try insert.bind("talk_id", talkID)
        try insert.bind("seq", seq)
        try insert.bind("prev", prev)
        try insert.bind("kind", kind.rawValue)
        try insert.bind("is_open", isOpen)
        try insert.bind("comment_id", commentID)
        try insert.bind("at", now)
        try insert.run()
        if seq % Self.stride == 0 { try trim(talkID, at: now, connection) }
        let change = Change(
            talkID: talkID, seq: seq, prev: prev, kind: kind, isOpen: isOpen, commentID: commentID, at: now)
        connection.note(change)
        try webhooks?.enqueue(change, connection)
        if kind.changesCounts(isOpen: isOpen), try connection.find(Talk.self, talkID) != nil {
            try append(.talk, of: nil, in: talkID, at: now, connection)
        }
        return change
    }

    /// Where a talk's log ends.
    struct Newest: Hashable, Sendable {
        /// The newest change, and the newest of those that the audience may see; 0 for none.
        let seq: Int
        let openSeq: Int

        /// Behind the change.
        init(_ change: Change) {
            seq = change.seq
            openSeq = change.isOpen ? change.seq : change.prev
        }

        fileprivate init(of talkID: Int, _ connection: Connection) throws {
            let last = try connection.prepare(
                "SELECT seq, prev, is_open FROM change WHERE talk_id = :talk_id ORDER BY seq DESC LIMIT 1")
            try last.bind("talk_id", talkID)
            guard try last.step() else {
                (seq, openSeq) = (0, 0)
                return
            }
            seq = try last.int("seq")
            openSeq = try last.int("is_open") != 0 ? seq : last.int("prev")
        }
    }

    /// Lets the oldest changes of this talk and of the next in turn go.
    ///
    /// More go than come: the table shrinks to its bound whatever it was.
    private func trim(_ talkID: Int, at now: Timestamp, _ connection: Connection) throws {
        try trimOne(talkID, at: now, connection)
        let next = try connection.prepare(
            "SELECT talk_id FROM change WHERE talk_id > :talk_id ORDER BY talk_id LIMIT 1")
        try next.bind("talk_id", swept.withLock { $0 })
        // From the first one again after the last; an attempt that is rolled back has only lost its turn.
        guard try next.step() else { return swept.withLock { $0 = .min } }
        let other = try next.int("talk_id")
        swept.withLock { $0 = other }
        if other != talkID { try trimOne(other, at: now, connection) }
    }

    private func trimOne(_ talkID: Int, at now: Timestamp, _ connection: Connection) throws {
        let oldest = now.microseconds - Int(lifetime / .microseconds(1))
        // Most often there is nothing to go: to find that out by all that might go would cost as much as the changes themselves.
        let first = try connection.prepare(
            """
            SELECT at < :oldest OR seq <= (SELECT max(seq) FROM change WHERE talk_id = :talk_id) - :kept AS is_old
            FROM change WHERE talk_id = :talk_id ORDER BY seq LIMIT 1
            """)
        try first.bind("oldest", oldest)
        try first.bind("talk_id", talkID)
        try first.bind("kept", kept)
        guard try first.step(), try first.int("is_old") != 0 else { return }
        // The newest one stays: it has the number from which the next is counted.
        let delete = try connection.prepare(
            """
            DELETE FROM change WHERE talk_id = :talk_id AND seq IN (
                SELECT seq FROM (SELECT seq, at FROM change WHERE talk_id = :talk_id ORDER BY seq LIMIT :limit)
                WHERE seq < (SELECT max(seq) FROM change WHERE talk_id = :talk_id)
                    AND (at < :oldest OR seq <= (SELECT max(seq) FROM change WHERE talk_id = :talk_id) - :kept))
            """)
        try delete.bind("talk_id", talkID)
        try delete.bind("limit", Self.trimmed)
        try delete.bind("oldest", oldest)
        try delete.bind("kept", kept)
        try delete.run()
    }
}
